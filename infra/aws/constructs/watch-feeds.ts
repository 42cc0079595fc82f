import { Duration } from 'aws-cdk-lib'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { METRICS } from '../../metrics/definitions.ts'
import { recorded } from '../daybook-metric.ts'
import type { FeedFunctions } from './feed-functions.ts'
import type { RunbookAlarms } from './runbook-alarms.ts'

const MINUTE_MS = 60_000

/** Whoever reads may be shown what is this old. */
const LATE_MS = 5 * MINUTE_MS

/**
 * The second dimension of these metrics is the operation that DynamoDB performs on our behalf, which a query leaves open: an alarm may ask
 * by Metrics Insights.
 */
const replication = (metricName: string, aggregate: 'SUM' | 'MAX', table: string): MathExpression =>
  new MathExpression({
    expression: `SELECT ${aggregate}(${metricName}) FROM "AWS/DynamoDB" WHERE TableName = '${table}'`,
    usingMetrics: {},
    label: metricName,
    period: Duration.minutes(1),
  })

export type WatchedFeeds = {
  readonly stage: string
  readonly feeds: FeedFunctions
  /** Name of the table. */
  readonly eventTable: string
}

/** What follows the events falls behind, loses its source, or gives up. */
export const watchFeeds = (alarms: RunbookAlarms, { stage, feeds, eventTable }: WatchedFeeds): void => {
  for (const { name, function: feed } of feeds.all()) {
    alarms.watch(`${name}-iterator-age`, {
      what: `${name} is more than five minutes behind the events`,
      runbook: 'lag',
      metric: feed.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1) }),
      threshold: LATE_MS,
      periods: 3,
    })
    alarms.watch(`${name}-lost`, {
      what: `${name} gave up records, and they did not reach the on-failure destination`,
      runbook: 'failed-replay',
      metric: feed.metric('DestinationDeliveryFailures', { statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: 1,
      periods: 1,
    })
  }
  alarms.watch('replication-failures', {
    what: 'Changes of the event table do not reach Kinesis, and DynamoDB has given them up',
    runbook: 'failed-replay',
    metric: replication('FailedToReplicateRecordCount', 'SUM', eventTable),
    threshold: 1,
    periods: 1,
  })
  alarms.watch('replication-age', {
    what: 'Changes of the event table reach Kinesis late',
    runbook: 'lag',
    metric: replication('AgeOfOldestUnreplicatedRecord', 'MAX', eventTable),
    threshold: LATE_MS,
    periods: 3,
  })
  alarms.watch('parked-streams', {
    what: 'A projection has parked a stream',
    runbook: 'parked-stream',
    metric: recorded(stage, METRICS.streamsParked, { statistic: 'Sum', minutes: 5 }),
    threshold: 1,
    periods: 1,
  })
}
