import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'
import { alarmTopic } from '../constructs/alarm-topic.ts'
import { budget } from '../constructs/budget.ts'
import { ApiCanary } from '../constructs/canary.ts'
import { dashboards } from '../constructs/dashboards.ts'
import { RunbookAlarms } from '../constructs/runbook-alarms.ts'
import { watchEngines } from '../constructs/watch-engines.ts'
import { watchFeeds } from '../constructs/watch-feeds.ts'
import { watchSchedules } from '../constructs/watch-schedules.ts'
import { watchService } from '../constructs/watch-service.ts'
import type { DataStack } from './data.ts'
import type { ServiceStack } from './service.ts'

type Observed = { readonly data: DataStack; readonly service: ServiceStack }

/** What people look at, and what calls them. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, config: StageConfig, { data, service }: Observed, props: StackProps) {
    super(scope, id, props)
    const { alertEmail, repository, stage } = config
    const { api } = service.api
    const { events } = data.store
    const functions = service.functions()
    const alarms = new RunbookAlarms(this, 'watch', { topic: alarmTopic(this, alertEmail), repository })
    watchFeeds(alarms, { stage, feeds: service.feeds, eventTable: events.tableName })
    const { sealing, redriving, processing } = service
    watchSchedules(alarms, {
      stage,
      sealing: sealing.function,
      redriving: redriving.function,
      processing: processing.function,
    })
    watchService(alarms, { stage, api, functions, events })
    if (data.database && data.searchDomain) watchEngines(alarms, data.database.cluster, data.searchDomain.domain)
    dashboards(this, { stage, api, functions, feeds: service.feeds.all(), events })
    if (config.has('canary')) new ApiCanary(this, 'canary', api, alarms, config)
    if (config.has('budget')) budget(this, config)
  }
}
