import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { bundleFunctions } from '../lambda/bundle.ts'
import { readConfig } from './config.ts'
import { composeDaybook, holdToRules, newApp } from './daybook.ts'
import { findingsIn } from './findings.ts'
import { STAGES, type Stage } from './stages.ts'

const BUNDLES = join('.daybook', 'bundles')

/** Where they are is known when the emulated stage is deployed; it is the same stage wherever they are. */
const ENGINES = {
  DAYBOOK_READER_URL: 'postgresql://daybook@127.0.0.1:5432/daybook',
  DAYBOOK_PROJECTOR_URL: 'postgresql://daybook@127.0.0.1:5432/daybook',
  DAYBOOK_OWNER_URL: 'postgresql://daybook@127.0.0.1:5432/daybook',
  DAYBOOK_OPENSEARCH_URL: 'http://127.0.0.1:9200',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
}

const { context }: { readonly context: { readonly [name: string]: unknown } } = JSON.parse(
  readFileSync('cdk.json', 'utf8'),
)

/** Answers what stands against deploying the stage: nothing when all is well. */
const synthesise = (stage: Stage): ReadonlyArray<string> => {
  const config = readConfig({ ...context, stage }, { ...ENGINES, ...process.env })
  if (E.isLeft(config)) return config.left
  const outdir = join('.daybook', 'cdk', stage)
  const app = newApp({ outdir })
  composeDaybook(app, { config: config.right, bundleOf: (name) => join(BUNDLES, name) })
  holdToRules(app)
  for (const { stackName, template } of app.synth().stacks) {
    process.stdout.write(`${stackName}: ${Object.keys(template.Resources).length} resources in ${outdir}\n`)
  }
  return findingsIn(outdir)
}

await bundleFunctions(BUNDLES)
const faults = STAGES.flatMap(synthesise)
process.stderr.write(faults.map((fault) => `${fault}\n`).join(''))
process.exitCode = faults.length === 0 ? 0 : 1
