import { Duration } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { FunctionName } from '../../lambda/functions.ts'
import { METRICS } from '../../metrics/definitions.ts'
import { recorded } from '../daybook-metric.ts'
import type { DaybookFunction } from './daybook-function.ts'
import type { RunbookAlarms } from './runbook-alarms.ts'

/** One request of so many may fail: 99.95 % are promised. */
const PROMISED = 2_000

const failingShare = (api: RestApi, minutes: number): MathExpression => {
  const period = Duration.minutes(minutes)
  return new MathExpression({
    expression: 'IF(all > 0, failed / all, 0)',
    usingMetrics: {
      failed: api.metricServerError({ period, statistic: 'Sum' }),
      all: api.metricCount({ period, statistic: 'Sum' }),
    },
    label: 'share of requests that fail',
    period,
  })
}

/** How fast the budget of a month may be used up, over how long, before somebody is called ("The Site Reliability Workbook", chapter 5). */
const BURNS = [
  { id: 'fast', times: 14.4, minutes: 60, stillMinutes: 5 },
  { id: 'slow', times: 6, minutes: 360, stillMinutes: 30 },
] as const

const watchBudget = (alarms: RunbookAlarms, api: RestApi): void => {
  for (const { id, times, minutes, stillMinutes } of BURNS) {
    const watch = (window: number) => ({
      what: `Requests fail so often that the month's error budget is used up ${times} times as fast as it may be`,
      runbook: 'rollback' as const,
      metric: failingShare(api, window),
      threshold: times / PROMISED,
      periods: 1,
    })
    alarms.watchBoth(`error-budget-${id}`, watch(minutes), watch(stillMinutes))
  }
}

export type Watched = {
  readonly stage: string
  readonly api: RestApi
  readonly functions: ReadonlyArray<DaybookFunction<FunctionName>>
  readonly events: Table
}

/** What callers meet: failures, and being turned away because too much comes at once. */
export const watchService = (alarms: RunbookAlarms, { stage, api, functions, events }: Watched): void => {
  watchBudget(alarms, api)
  for (const { name, function: code } of functions) {
    alarms.watch(`${name}-throttles`, {
      what: `Lambda turns calls of ${name} away`,
      runbook: 'lag',
      metric: code.metricThrottles({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      periods: 3,
    })
  }
  alarms.watch('event-table-throttles', {
    what: 'DynamoDB turns writes of the event table away',
    runbook: 'hot-partition',
    metric: events.metric('WriteThrottleEvents', { period: Duration.minutes(1), statistic: 'Sum' }),
    threshold: 1,
    periods: 3,
  })
  alarms.watch('dependency-faults', {
    what: 'Calls of an engine fail after all retries',
    runbook: 'lag',
    metric: recorded(stage, METRICS.dependencyFaults, { statistic: 'Sum', minutes: 1 }),
    threshold: 5,
    periods: 3,
  })
}
