import { Duration } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../lambda/functions.ts'
import { BUSINESS_METRICS } from '../../metrics/business.ts'
import { METRICS } from '../../metrics/definitions.ts'
import { recorded, recordedByAll } from '../daybook-metric.ts'
import type { DaybookFunction } from './daybook-function.ts'

export type Shown = {
  readonly stage: string
  readonly api: RestApi
  readonly functions: ReadonlyArray<DaybookFunction<FunctionName>>
  readonly feeds: ReadonlyArray<DaybookFunction<FunctionName>>
  readonly events: Table
}

type Graphs = { readonly [title: string]: ReadonlyArray<IMetric> }

const HOUR = 60

const executive = ({ stage, api }: Shown): Graphs => ({
  Orders: [
    recorded(stage, BUSINESS_METRICS.ordersPlaced, { statistic: 'Sum', minutes: HOUR }),
    recorded(stage, BUSINESS_METRICS.ordersCancelled, { statistic: 'Sum', minutes: HOUR }),
  ],
  Invoices: [recorded(stage, BUSINESS_METRICS.invoicesIssued, { statistic: 'Sum', minutes: HOUR })],
  'Order amount by currency': [recordedByAll(stage, BUSINESS_METRICS.orderAmount, { statistic: 'Sum', minutes: HOUR })],
  'Requests, and those that failed': [
    api.metricCount({ period: Duration.minutes(HOUR) }),
    api.metricServerError({ period: Duration.minutes(HOUR) }),
  ],
})

const financial = ({ stage }: Shown): Graphs => ({
  'Orders by currency': [recordedByAll(stage, BUSINESS_METRICS.orderAmount, { statistic: 'Sum', minutes: HOUR })],
  'Cancelled by currency': [
    recordedByAll(stage, BUSINESS_METRICS.cancelledAmount, { statistic: 'Sum', minutes: HOUR }),
  ],
  'Credited by currency': [recordedByAll(stage, BUSINESS_METRICS.creditedAmount, { statistic: 'Sum', minutes: HOUR })],
  'Invoices by currency': [recordedByAll(stage, BUSINESS_METRICS.invoicesIssued, { statistic: 'Sum', minutes: HOUR })],
})

const operations = ({ stage, feeds, functions, events }: Shown): Graphs => ({
  'Age of what waits': feeds.map(({ name, function: feed }) =>
    feed.metric('IteratorAge', { statistic: 'Maximum', label: name }),
  ),
  'Lag of projections': [recordedByAll(stage, METRICS.projectionLag, { statistic: 'p95', minutes: 5 })],
  'Streams parked': [recordedByAll(stage, METRICS.streamsParked, { statistic: 'Sum', minutes: 5 })],
  'Faults of engines': [recordedByAll(stage, METRICS.dependencyFaults, { statistic: 'Sum', minutes: 5 })],
  'Calls that failed': functions.map(({ name, function: code }) => code.metricErrors({ label: name })),
  'Calls turned away': functions.map(({ name, function: code }) => code.metricThrottles({ label: name })),
  'Write units of the event table': [events.metricConsumedWriteCapacityUnits({ statistic: 'Sum' })],
  'Integration events': [recordedByAll(stage, METRICS.integrationEvents, { statistic: 'Sum', minutes: 5 })],
})

const developer = ({ stage, functions }: Shown): Graphs => ({
  'Commands by outcome': [
    recordedByAll(stage, { ...METRICS.commands, dimensions: ['Outcome'] }, { statistic: 'Sum', minutes: 5 }),
  ],
  'Requests by status': [
    recordedByAll(stage, { ...METRICS.requests, dimensions: ['StatusClass'] }, { statistic: 'Sum', minutes: 5 }),
  ],
  'Duration by operation, p95': [recordedByAll(stage, METRICS.requestDuration, { statistic: 'p95', minutes: 5 })],
  'Append, p50 and p95': ['p50', 'p95'].map((statistic) =>
    recorded(stage, METRICS.appendDuration, { statistic, minutes: 5 }),
  ),
  'Appends that met another': [recordedByAll(stage, METRICS.appendConflicts, { statistic: 'Sum', minutes: 5 })],
  'Batches by projection, p95': [recordedByAll(stage, METRICS.projectionDuration, { statistic: 'p95', minutes: 5 })],
  'Duration of functions, p95': functions.map(({ name, function: code }) =>
    code.metricDuration({ statistic: 'p95', label: name }),
  ),
  'Instances at a time': functions.map(({ name, function: code }) =>
    code.metric('ConcurrentExecutions', { statistic: 'Maximum', label: name }),
  ),
})

/** One for each who looks. */
export const dashboards = (scope: Construct, shown: Shown): void => {
  const all = {
    executive: executive(shown),
    operations: operations(shown),
    developer: developer(shown),
    financial: financial(shown),
  }
  for (const [name, graphs] of Object.entries(all)) {
    const dashboard = new Dashboard(scope, name, { dashboardName: `daybook-${shown.stage}-${name}` })
    const widgets = Object.entries(graphs).map(
      ([title, left]) => new GraphWidget({ title, left: [...left], width: 12 }),
    )
    dashboard.addWidgets(...widgets)
  }
}
