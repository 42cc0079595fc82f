import { expect, it } from 'vitest'
import { STANDING } from '../../../infra/aws/cost/standing.ts'
import { appOf, templateOf } from './stage.ts'

const app = appOf('production')

const countOf = (type: string): number =>
  ['data', 'service', 'operations']
    .map((stack) => Object.keys(templateOf(app, 'production', stack).findResources(type)).length)
    .reduce((sum, count) => sum + count, 0)

it('what stands there, and is paid for, is what the templates hold', () => {
  const acl = templateOf(app, 'production', 'service').findResources('AWS::WAFv2::WebACL')
  const { alarms, ...others } = STANDING
  expect({
    keys: countOf('AWS::KMS::Key'),
    // RDS makes one by itself, and rotates it.
    secrets: countOf('AWS::SecretsManager::Secret') + countOf('AWS::RDS::DBCluster'),
    firewallRules: Object.values(acl).flatMap(({ Properties }) => Properties['Rules']).length,
    dashboards: countOf('AWS::CloudWatch::Dashboard'),
  }).toEqual(others)
  const found = countOf('AWS::CloudWatch::Alarm') + countOf('AWS::CloudWatch::CompositeAlarm')
  expect(Math.abs(found / alarms - 1)).toBeLessThan(0.2)
})

it.each([
  ['dev', 1],
  ['production', 2],
] as const)('the sizes of %s are those of its load', (stage, atOnce) => {
  const service = templateOf(appOf(stage), stage, 'service')
  const mappings = Object.values(service.findResources('AWS::Lambda::EventSourceMapping'))
  expect(mappings.map(({ Properties }) => Properties['ParallelizationFactor']).toSorted()).toEqual([
    1,
    1,
    atOnce,
    atOnce,
  ])
})
