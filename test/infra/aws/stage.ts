import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import * as E from 'fp-ts/lib/Either.js'
import { readConfig, type StageConfig } from '../../../infra/aws/config.ts'
import { composeDaybook, holdToRules, newApp } from '../../../infra/aws/daybook.ts'
import type { Stage } from '../../../infra/aws/stages.ts'
import { FUNCTION_NAMES } from '../../../infra/lambda/functions.ts'
import { ENGINES, TOLD } from './given.ts'

/** Templates tell the same of any bundle, and none takes no time to be made. */
const bundles = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'daybook-bundles-'))
  for (const name of FUNCTION_NAMES) {
    mkdirSync(join(directory, name))
    writeFileSync(join(directory, name, 'index.mjs'), `export const handler = async () => '${name}'`)
  }
  return directory
}

const configOf = (stage: Stage, overrides: Overrides): StageConfig => {
  const config = readConfig({ ...TOLD, ...overrides, stage }, ENGINES)
  if (E.isLeft(config)) throw new Error(config.left.join('; '))
  return config.right
}

type Overrides = { readonly [name: string]: unknown }

const composed = (stage: Stage, overrides: Overrides, validated: boolean): App => {
  const outdir = mkdtempSync(join(tmpdir(), 'daybook-cdk-'))
  const app = newApp({ outdir, builtinCloudFormationValidation: validated, stackTraces: false })
  const directory = bundles()
  composeDaybook(app, { config: configOf(stage, overrides), bundleOf: (name) => join(directory, name) })
  return app
}

/** For a look at its templates. */
export const appOf = (stage: Stage, overrides: Overrides = {}): App => composed(stage, overrides, false)

/** As it is deployed: whose synthesis ends where a rule is broken. */
export const checkedAppOf = (stage: Stage): App => {
  const app = composed(stage, {}, true)
  holdToRules(app)
  return app
}

/** The template of one of a stage's stacks. */
export const templateOf = (app: App, stage: Stage, name: string): Template => {
  const stack = app.node.findChild(`daybook-${stage}-${name}`)
  if (!Stack.isStack(stack)) throw new Error(`${name} is no stack`)
  return Template.fromStack(stack)
}
