import { type Counted, capacityOf } from './capacity.ts'

/** List prices of us-east-1 in dollars; docs/cost.md tells where each is from. */
export const PRICES = {
  writeUnits: 0.625 / 1e6,
  /** DynamoDB's Kinesis destination: by kilobyte that was written. */
  changeUnits: 0.1 / 1e6,
  /** Kinesis: by 25 KB that was put. */
  putUnits: 0.014 / 1e6,
  shardHour: 0.015,
  lambdaRequests: 0.2 / 1e6,
  lambdaGigabyteSeconds: 0.0000133334,
  apiRequests: 3.5 / 1e6,
  firewallRequests: 0.6 / 1e6,
  /** EventBridge: by 64 KB of an event. */
  busEvents: 1 / 1e6,
} as const

/** Assumed, with room to spare: no AWS was measured. Of one command in its own function, and its share of a batch in four others. */
const COMMAND_GIGABYTE_SECONDS = 0.05 * 1
const FEED_GIGABYTE_SECONDS = 0.02 * 1
const FEEDS = 4
const RECORDS_A_BATCH = 10

const DAYS_A_MONTH = 30

/** Dollars per million commands, by what they are for. */
export type Cost = { readonly [item: string]: number }

/** What a million commands cost on a day with so many, without what stands there idle (database, search domain, NAT). */
export const costOf = (counted: Counted, commandsADay: number): Cost => {
  const million = (dollars: number): number => dollars * 1e6
  const shards = capacityOf(counted, commandsADay).kinesisShards
  return {
    'API Gateway': million(PRICES.apiRequests),
    WAF: million(PRICES.firewallRequests),
    'Lambda, commands': million(PRICES.lambdaRequests + COMMAND_GIGABYTE_SECONDS * PRICES.lambdaGigabyteSeconds),
    'Lambda, feeds': million(
      FEEDS * (PRICES.lambdaRequests / RECORDS_A_BATCH) + FEED_GIGABYTE_SECONDS * PRICES.lambdaGigabyteSeconds,
    ),
    'DynamoDB, writes': million(counted.writeUnits * PRICES.writeUnits),
    'DynamoDB to Kinesis': million(Math.ceil(counted.feedBytes / 1_024) * PRICES.changeUnits),
    'Kinesis, puts': million(Math.ceil(counted.feedBytes / 25_000) * PRICES.putUnits),
    'Kinesis, shards': (shards * 24 * DAYS_A_MONTH * PRICES.shardHour * 1e6) / (commandsADay * DAYS_A_MONTH),
    EventBridge: million(Math.ceil(counted.relayedBytes / 65_536) * PRICES.busEvents),
  }
}
