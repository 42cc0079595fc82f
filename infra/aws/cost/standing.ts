import { averageOf, UTILISATION } from '../capacity/load.ts'
import { databaseUnitsBusy } from '../capacity/needs.ts'
import type { Settings } from '../settings.ts'
import type { Dollars } from './per-command.ts'
import { PRICES, SEARCH_INSTANCE_HOUR } from './prices.ts'

const HOURS_A_MONTH = 730

/** RDS Proxy: the least that is charged beside Aurora Serverless v2. */
const PROXY_UNITS = 8

/** What a stage has of things that cost the same however much they are used; test/infra/aws/standing.test.ts holds them to the templates. */
export const STANDING = {
  /** The data's, the personal one, the alarms', and one that signs. */
  keys: 4,
  secrets: 1,
  firewallRules: 5,
  dashboards: 4,
  /** About: every function brings some. */
  alarms: 45,
} as const

/** Series of Daybook's own metrics: an import leaves 44 behind it; queries, rejections and faults bring more. */
const METRIC_SERIES = 100

/** Every five minutes the canary and `redrive`, every minute `seal` and `process`. */
const CANARY_RUNS = 12 * HOURS_A_MONTH
const SCHEDULED_RUNS = (12 + 60 + 60) * HOURS_A_MONTH

const searchHours = (instance: string, nodes: number): number =>
  nodes * HOURS_A_MONTH * (SEARCH_INSTANCE_HOUR[instance] ?? Number.NaN)

/**
 * What a stage of these settings costs a month before the first command comes, with as much of Aurora as its load takes on the average (a standby
 * has as much again). NaN where an instance type has no price here.
 */
export const standing = (settings: Settings): Dollars => {
  const instances = settings.keepsData ? 2 : 1
  const busy = databaseUnitsBusy(averageOf(settings)) / UTILISATION
  const units =
    Math.min(settings.databaseMaxHalfUnits / 2, Math.max(settings.databaseMinHalfUnits / 2, busy)) * instances
  const gateways = settings.availabilityZones === 2 ? 1 : settings.availabilityZones
  const masters = settings.keepsData ? 3 : 0
  return {
    'Aurora, capacity': units * HOURS_A_MONTH * PRICES.databaseUnitHour.dollars,
    'RDS Proxy': Math.max(PROXY_UNITS, units) * HOURS_A_MONTH * PRICES.proxyUnitHour.dollars,
    OpenSearch:
      searchHours(settings.searchInstance, settings.searchNodes) +
      searchHours('m7g.medium.search', masters) +
      settings.searchNodes * settings.searchGiB * PRICES.searchGigabyteMonth.dollars,
    'Kinesis, shards of seven days':
      settings.kinesisShards * HOURS_A_MONTH * (PRICES.shardHour.dollars + PRICES.retentionShardHour.dollars),
    'NAT gateways': gateways * HOURS_A_MONTH * (PRICES.gatewayHour.dollars + PRICES.addressHour.dollars),
    WAF: PRICES.firewallMonth.dollars + STANDING.firewallRules * PRICES.firewallRuleMonth.dollars,
    'KMS and secrets': STANDING.keys * PRICES.keyMonth.dollars + STANDING.secrets * PRICES.secretMonth.dollars,
    'CloudWatch: metrics, alarms, dashboards':
      METRIC_SERIES * PRICES.metricMonth.dollars +
      STANDING.alarms * PRICES.alarmMonth.dollars +
      STANDING.dashboards * PRICES.dashboardMonth.dollars,
    'Canary and schedules': CANARY_RUNS * PRICES.canaryRun.dollars + SCHEDULED_RUNS * PRICES.schedulerRun.dollars,
  }
}
