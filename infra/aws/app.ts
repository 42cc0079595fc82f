import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { bundleFunctions } from '../lambda/bundle.ts'
import { readConfig } from './config.ts'
import { composeDaybook, holdToRules, newApp } from './daybook.ts'

const BUNDLES = join('.daybook', 'bundles')

const app = newApp()
const config = readConfig(app.node.getAllContext(), process.env)
if (E.isLeft(config)) {
  process.stderr.write(config.left.map((fault) => `${fault}\n`).join(''))
  process.exit(1)
}
await bundleFunctions(BUNDLES)
composeDaybook(app, { config: config.right, bundleOf: (name) => join(BUNDLES, name) })
holdToRules(app)
app.synth()
