import { COMMAND_WORK, type Feed, ORDER, VIEWS, type Work } from '../capacity/counted.ts'
import { batchOf, billedMs, COMMAND_MS, MEMORY_MIB, workOf } from '../capacity/functions.ts'
import { averageOf, type Load } from '../capacity/load.ts'
import { PRICES } from './prices.ts'

const GIGABYTE = 1e9

/** EventBridge: an event is charged by 64 KB. */
const BUS_CHUNK = 65_536

/** Aurora: a write of the log is charged by 4 KB. */
const LOG_BLOCK = 4_096

/** Bytes that AWS itself logs, assumed: of a request API Gateway and WAF, of an invocation Lambda (its start and its report, as JSON). */
const ACCESS_LOG = 350
const FIREWALL_LOG = 1_800
const INVOCATION_LOG = 700

/** Dollars, by what they are for. */
export type Dollars = { readonly [item: string]: number }

const lambda = (memoryMiB: number, milliseconds: number): number =>
  PRICES.lambdaRequest.dollars + (memoryMiB / 1_024) * (milliseconds / 1_000) * PRICES.lambdaGigabyteSecond.dollars

const feeds: ReadonlyArray<Feed> = ['project-views', 'project-search', 'archive', 'relay']

/** Of each feed, an order's share in the batch that it comes in. */
const sharesAt = (
  perSecond: number,
): ReadonlyArray<{ readonly feed: Feed; readonly work: Work; readonly orders: number }> =>
  feeds.map((feed) => {
    const orders = batchOf(feed, perSecond)
    return { feed, work: workOf(feed, orders), orders }
  })

/**
 * What an order costs while it is written and followed, on the average of a day, by what is asked for; without what stands there anyway
 * (standing.ts), queries and the network. What a process does is a command more, by `process` instead of the API's function.
 */
export const perCommand = (load: Load): Dollars => {
  const shares = sharesAt(averageOf(load))
  const sum = (share: (one: (typeof shares)[number]) => number): number =>
    shares.reduce((total, one) => total + share(one) / one.orders, 0)
  const logBytes =
    ACCESS_LOG +
    FIREWALL_LOG +
    COMMAND_WORK.logBytes +
    INVOCATION_LOG +
    sum(({ work }) => work.logBytes + INVOCATION_LOG)
  return {
    'API Gateway': PRICES.apiRequest.dollars,
    WAF: PRICES.firewallRequest.dollars,
    'Lambda, commands': lambda(MEMORY_MIB['command-api'], COMMAND_MS),
    'Lambda, feeds': sum(({ feed, work }) => lambda(MEMORY_MIB[feed], billedMs(MEMORY_MIB[feed], work))),
    'DynamoDB, writes': ORDER.writeUnits * PRICES.writeUnit.dollars,
    'DynamoDB, reads': ORDER.readUnits * PRICES.readUnit.dollars,
    'DynamoDB to Kinesis': ORDER.changeUnits * PRICES.changeUnit.dollars,
    'Kinesis, puts': ORDER.putUnits * PRICES.putUnit.dollars,
    'Aurora, I/O': (VIEWS.walBytes / LOG_BLOCK) * PRICES.databaseRequest.dollars,
    EventBridge:
      ORDER.busEvents * Math.ceil(ORDER.busBytes / BUS_CHUNK) * PRICES.busEvent.dollars +
      (ORDER.busBytes / GIGABYTE) * PRICES.busArchiveGigabyte.dollars,
    'S3, requests': sum(({ work }) => work.s3Puts * PRICES.objectPut.dollars + work.s3Gets * PRICES.objectGet.dollars),
    'CloudWatch, logs': (logBytes / GIGABYTE) * PRICES.logGigabyte.dollars,
  }
}

/** What an order costs a month for as long as it is kept; the archive in S3 less after 90 days, and again after a year. */
export const keptPerMonth = (): Dollars => ({
  'DynamoDB, with point-in-time recovery':
    (ORDER.storedBytes / GIGABYTE) * (PRICES.tableGigabyteMonth.dollars + PRICES.recoveryGigabyteMonth.dollars),
  'Aurora, views': (VIEWS.storedBytes / GIGABYTE) * PRICES.databaseGigabyteMonth.dollars,
  'S3, archive': (ORDER.archivedBytes / GIGABYTE) * PRICES.objectGigabyteMonth.dollars,
  'EventBridge, archive of a year': (ORDER.busBytes / GIGABYTE) * PRICES.objectGigabyteMonth.dollars,
})
