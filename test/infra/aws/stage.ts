import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import * as E from 'fp-ts/lib/Either.js'
import { readConfig, type StageConfig } from '../../../infra/aws/config.ts'
import { composeDaybook, newApp } from '../../../infra/aws/daybook.ts'
import type { Stage } from '../../../infra/aws/stages.ts'
import { FUNCTION_NAMES } from '../../../infra/lambda/functions.ts'

/** What every stage is told from outside. */
export const TOLD = { 'daybook:repository': 'acme/daybook', 'daybook:alertEmail': 'operations@acme.example' }

export const ENGINES = {
  DAYBOOK_READER_URL: 'postgresql://reader@127.0.0.1:5432/daybook',
  DAYBOOK_PROJECTOR_URL: 'postgresql://projector@127.0.0.1:5432/daybook',
  DAYBOOK_OWNER_URL: 'postgresql://owner@127.0.0.1:5432/daybook',
  DAYBOOK_OPENSEARCH_URL: 'http://127.0.0.1:9200',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
}

/** Templates tell the same of any bundle, and none takes no time to be made. */
const bundles = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-bundles-'))
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'index.mjs'), `export const handler = async () => '${name}'`)
  }
  return directory
}

export const configOf = (stage: Stage, overrides: { readonly [name: string]: unknown } = {}): StageConfig => {
  const config = readConfig({ ...TOLD, ...overrides, stage }, ENGINES)
  if (E.isLeft(config)) throw new Error(config.left.join('; '))
  return config.right
}

export const appOf = (stage: Stage, overrides: { readonly [name: string]: unknown } = {}): App => {
  const app = newApp({ outdir: mkdtempSync(join(tmpdir(), 'daybook-cdk-')) })
  const directory = bundles()
  composeDaybook(app, { config: configOf(stage, overrides), bundleOf: (name) => join(directory, name) })
  return app
}

/** The template of one of a stage's stacks. */
export const templateOf = (app: App, stage: Stage, name: string): Template => {
  const stack = app.node.findChild(`daybook-${stage}-${name}`)
  if (!Stack.isStack(stack)) throw new Error(`${name} is no stack`)
  return Template.fromStack(stack)
}
