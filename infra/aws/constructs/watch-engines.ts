import { Duration } from 'aws-cdk-lib'
import type { Domain } from 'aws-cdk-lib/aws-opensearchservice'
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds'
import type { RunbookAlarms } from './runbook-alarms.ts'

const period = Duration.minutes(5)

/** The engines of the views: full, at their limits, or away. */
export const watchEngines = (alarms: RunbookAlarms, database: DatabaseCluster, domain: Domain): void => {
  alarms.watch('database-capacity', {
    what: 'Aurora is at its highest capacity',
    runbook: 'lag',
    metric: database.metric('ACUUtilization', { period, statistic: 'Maximum' }),
    threshold: 95,
    periods: 3,
  })
  alarms.watch('search-red', {
    what: 'A shard of the search domain is not assigned',
    runbook: 'lag',
    metric: domain.metricClusterStatusRed({ period }),
    threshold: 1,
    periods: 1,
  })
  alarms.watch('search-full', {
    what: 'A node of the search domain has less than 2 GiB left',
    runbook: 'lag',
    metric: domain.metricFreeStorageSpace({ period }),
    threshold: 2_048,
    periods: 1,
    below: true,
  })
}
