import { existsSync } from 'node:fs'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { recorded } from '../../../infra/aws/daybook-metric.ts'
import { namespaceOf } from '../../../infra/metrics/definition.ts'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { appOf, templateOf } from './stage.ts'

const app = appOf('production')
const production = templateOf(app, 'production', 'operations')
const alarms = Object.values(production.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties)
const composites = Object.values(production.findResources('AWS::CloudWatch::CompositeAlarm')).map(
  ({ Properties }) => Properties,
)

describe('alarms', () => {
  it('lead to a runbook that is there', () => {
    for (const { AlarmDescription: text } of [...alarms, ...composites]) {
      const [, file = ''] =
        /https:\/\/github\.com\/acme\/daybook\/blob\/main\/(docs\/runbooks\/[a-z-]+\.md)$/.exec(text) ?? []
      expect(existsSync(file), text).toBe(true)
    }
  })

  it('call somebody, over a topic that is encrypted', () => {
    const calling = [...alarms.filter(({ AlarmActions }) => AlarmActions), ...composites]
    // The halves of two budgets' alarms call nobody by themselves.
    expect(alarms.length - alarms.filter(({ AlarmActions }) => AlarmActions).length).toBe(4)
    for (const { AlarmActions } of calling) expect(AlarmActions).toHaveLength(1)
    production.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() })
    production.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operations@acme.example',
    })
  })

  it.each([
    ['a feed that falls behind', { MetricName: 'IteratorAge', Threshold: 300_000 }, 4],
    ['records that are lost', { MetricName: 'DestinationDeliveryFailures' }, 4],
    ['parked streams', { Namespace: 'Daybook/production', MetricName: 'StreamsParked', Threshold: 1 }, 1],
    ['calls that Lambda turns away', { MetricName: 'Throttles' }, 11],
    ['steps that are refused', { MetricName: 'ProcessSteps', Dimensions: [{ Name: 'Outcome', Value: 'refused' }] }, 1],
    ['writes that DynamoDB turns away', { MetricName: 'WriteThrottleEvents' }, 1],
    ['batches that can be neither taken nor parked', { MetricName: 'GivenUpBatches' }, 1],
    [
      'a trail that cannot be sealed',
      { MetricName: 'TrailSealings', Dimensions: [{ Name: 'Outcome', Value: 'failed' }] },
      1,
    ],
    ['schedules whose functions fail', { MetricName: 'Errors', EvaluationPeriods: 3 }, 3],
    ['schedules that start nothing', { MetricName: 'Invocations', TreatMissingData: 'breaching' }, 3],
    ['engines that fail', { MetricName: 'DependencyFaults' }, 1],
    ['a canary that fails, or does not come', { MetricName: 'SuccessPercent', TreatMissingData: 'breaching' }, 1],
  ])('watch %s', (_, properties, count) => {
    production.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', properties, count)
  })

  it('watch that changes reach Kinesis', () => {
    const queries = alarms.flatMap(({ Metrics = [] }) => Metrics).map(({ Expression }) => JSON.stringify(Expression))
    expect(queries.join('\n')).toMatch(/SUM\(FailedToReplicateRecordCount\)/)
    expect(queries.join('\n')).toMatch(/MAX\(AgeOfOldestUnreplicatedRecord\)/)
  })

  it('watch how fast the error budget is used up: when it matters, and while it goes on', () => {
    expect(composites).toHaveLength(2)
    const burning = alarms.filter(({ AlarmDescription }) => AlarmDescription.includes('error budget'))
    expect(burning.map(({ Threshold }) => Threshold).toSorted()).toEqual([0.003, 0.003, 0.0072, 0.0072])
  })
})

it('a metric is not asked for by what it is not recorded by', () => {
  const asked = (dimensions: { readonly [name: string]: string }) =>
    recorded('production', METRICS.streamsParked, { statistic: 'Sum', minutes: 1, dimensions })
  expect(asked({}).metricName).toBe('StreamsParked')
  expect(asked({ Projection: 'orders' }).dimensions).toEqual({ Projection: 'orders' })
  expect(() => asked({ Tenant: 'acme' })).toThrow('StreamsParked is not recorded by Tenant')
})

it('there is a dashboard for each who looks', () => {
  const names = Object.values(production.findResources('AWS::CloudWatch::Dashboard')).map(
    ({ Properties }) => Properties.DashboardName,
  )
  expect(names.toSorted()).toEqual(
    ['developer', 'executive', 'financial', 'operations'].map((name) => `daybook-production-${name}`),
  )
})

it('alarms and dashboards ask for the metrics of their own stage', () => {
  const asked = JSON.stringify([alarms, production.findResources('AWS::CloudWatch::Dashboard')])
  expect(new Set(asked.match(/Daybook\/\w+/g))).toEqual(new Set([namespaceOf('production')]))
  expect(asked).not.toMatch(/"Daybook"|\{Daybook/)
})

it('a month that costs too much is told', () => {
  production.hasResourceProperties('AWS::Budgets::Budget', { Budget: { BudgetLimit: { Amount: 3_500, Unit: 'USD' } } })
})

it('GitHub deploys as a role for its environment alone, that may do nothing but deploy', () => {
  const ci = templateOf(app, 'production', 'ci')
  ci.hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
              'token.actions.githubusercontent.com:sub': 'repo:acme/daybook:environment:production',
            },
          },
        },
      ],
    },
  })
  const [policy] = Object.values(ci.findResources('AWS::IAM::Policy'))
  expect(policy?.['Properties'].PolicyDocument.Statement).toMatchObject([{ Action: 'sts:AssumeRole' }])
})
