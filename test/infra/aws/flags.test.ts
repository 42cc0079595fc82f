import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../infra/aws/config.ts'
import { FeatureFlags } from '../../../infra/aws/constructs/feature-flags.ts'
import { functionRole } from '../../../infra/aws/constructs/function-role.ts'
import { holdToRules, newApp } from '../../../infra/aws/daybook.ts'
import { findingsIn } from '../../../infra/aws/findings.ts'
import { flagSetOf, flagValuesOf } from '../../../infra/aws/flag-set.ts'
import { STAGES, type Stage } from '../../../infra/aws/stages.ts'
import { FLAGS, NEEDED, type Variable } from '../../../infra/lambda/environment.ts'
import { FUNCTION_NAMES } from '../../../infra/lambda/functions.ts'
import { decode } from '../../../schemas/decode.ts'
import { automaticInvoicingIn, FlagValues } from '../../../schemas/flags.ts'
import { ENGINES, TOLD } from './given.ts'
import { permissionsOf } from './permissions.ts'
import { appOf, templateOf } from './stage.ts'

/** A stage's flags, read by `relay`. */
const flagsOf = (stage: Stage, overrides: { readonly [name: string]: unknown } = {}) => {
  const config = readConfig({ ...TOLD, ...overrides, stage }, ENGINES)
  if (E.isLeft(config)) throw new Error(config.left.join('; '))
  const app = newApp({ outdir: mkdtempSync(join(tmpdir(), 'daybook-cdk-')), stackTraces: false })
  const stack = new Stack(app, 'flags')
  const flags = new FeatureFlags(stack, 'flags', { config: config.right, readers: ['relay'] })
  const reading = flags.reading()
  reading.grantTo(functionRole(stack, 'reader'))
  return { app, stack, reading }
}

describe('what a stage deploys', () => {
  const tenant = fc.stringMatching(/^[a-z0-9-]{1,40}$/)
  const hours = fc.integer({ min: 0, max: 8_760_000 }).map((thousandths) => thousandths / 1_000)

  it('is what its settings say, as those who read it understand it', () => {
    const tenants = fc.uniqueArray(tenant, { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(hours, tenants, (afterHours, named) => {
        const settings = {
          'daybook:automaticInvoicingSince': '2026-03-01T01:00:00+01:00',
          'daybook:automaticInvoicingAfterHours': String(afterHours),
          'daybook:automaticInvoicingTenants': named.join(','),
        }
        const config = readConfig({ ...TOLD, ...settings, stage: 'production' }, {})
        if (E.isLeft(config)) throw new Error(config.left.join('; '))
        // What AppConfig answers is what stands under `values`.
        const values = decode(FlagValues, JSON.parse(JSON.stringify(flagSetOf(flagValuesOf(config.right)).values)))
        if (E.isLeft(values)) throw new Error(JSON.stringify(values.left))
        const isAll = named.join(',') === 'all'
        const whose = isAll ? {} : { tenants: named }
        const meant = { enabled: true, since: '2026-03-01T00:00:00.000Z', afterHours, ...whose }
        expect(automaticInvoicingIn(values.right)).toEqual(meant)
      }),
    )
  })

  it('is for every tenant where none is named', () => {
    const since = '2026-03-01T00:00:00.000Z'
    const values = flagValuesOf({
      automaticInvoicingSince: since,
      automaticInvoicingAfterHours: 24,
      automaticInvoicingTenants: 'all',
    })
    expect(automaticInvoicingIn(values)).toEqual({ enabled: true, since, afterHours: 24 })
  })

  it('is nothing, where nobody says otherwise', () => {
    for (const stage of STAGES) {
      const [version] = Object.values(
        templateOf(appOf(stage), stage, 'flags').findResources('AWS::AppConfig::HostedConfigurationVersion'),
      )
      const { values } = JSON.parse(version?.['Properties'].Content)
      expect(values).toEqual({ 'automatic-invoicing': { enabled: false } })
    }
  })

  it('has a definition for every flag and attribute, which holds what is deployed to its limits', () => {
    const values = {
      'automatic-invoicing': { enabled: true, since: '2026-03-01T00:00:00.000Z', afterHours: 1, tenants: ['acme'] },
    } as const
    const { version, flags } = flagSetOf(values)
    expect(version).toBe('1')
    expect(flags).toMatchObject({
      'automatic-invoicing': {
        attributes: {
          since: { constraints: { type: 'string', required: true } },
          afterHours: { constraints: { type: 'number', required: true, minimum: 0, maximum: 8_760 } },
          tenants: { constraints: { type: 'array', elements: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' } } },
        },
      },
    })
  })
})

describe('new flags', () => {
  const template = Template.fromStack(flagsOf('production').stack)

  it('reach a few first in production, and all at once in dev', () => {
    const strategyOf = (stage: Stage) =>
      Object.values(Template.fromStack(flagsOf(stage).stack).findResources('AWS::AppConfig::Deployment')).map(
        ({ Properties }) => Properties.DeploymentStrategyId,
      )
    expect(strategyOf('production')).toEqual(['AppConfig.Canary10Percent20Minutes'])
    expect(strategyOf('dev')).toEqual(['AppConfig.AllAtOnce'])
  })

  it('are taken back when whoever reads them fails', () => {
    const [alarm, ...more] = Object.keys(
      template.findResources('AWS::CloudWatch::Alarm', {
        Properties: {
          Namespace: 'AWS/Lambda',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'FunctionName', Value: 'daybook-production-relay' }],
          Threshold: 1,
        },
      }),
    )
    expect(more).toEqual([])
    template.hasResourceProperties('AWS::AppConfig::Environment', {
      Monitors: [{ AlarmArn: { 'Fn::GetAtt': [alarm, 'Arn'] }, AlarmRoleArn: Match.anyValue() }],
    })
  })

  it('are watched in every stage by the errors of all who read them', () => {
    const readers = FUNCTION_NAMES.filter((name) => NEEDED[name].some((variable: Variable) => /_FLAGS_/.test(variable)))
    const dev = templateOf(appOf('dev'), 'dev', 'flags')
    const watched = Object.values(dev.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.Dimensions[0].Value,
    )
    expect(watched.toSorted()).toEqual(readers.map((name) => `daybook-dev-${name}`).toSorted())
  })

  it('keep the versions that they may be taken back to', () => {
    template.hasResource('AWS::AppConfig::HostedConfigurationVersion', { DeletionPolicy: 'Retain' })
  })
})

it('who reads flags may read those, and knows where they are', () => {
  const { stack, reading } = flagsOf('dev')
  expect(permissionsOf(Template.fromStack(stack), 'reader')).toEqual([
    'appconfig:GetLatestConfiguration flags',
    'appconfig:StartConfigurationSession flags',
  ])
  expect(Object.keys(reading.variables).toSorted()).toEqual([...FLAGS].toSorted())
})

it("AWS' own rules find nothing in flags that is not explained", () => {
  const { app } = flagsOf('production')
  holdToRules(app)
  expect(findingsIn(app.synth().directory)).toEqual([])
})
