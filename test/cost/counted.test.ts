import { beforeAll, expect, test } from 'vitest'
import { FEED_WORK, type Feed, ORDER, VIEWS } from '../../infra/aws/capacity/counted.ts'
import { cleaningUp } from '../bench/clean-up.ts'
import { dynamodbEndpoints, freshDatabase } from '../engines/engines.ts'
import { countImport, type Import } from './counting.ts'
import { IMPORT } from './import-counts.ts'
import { type Counts, each, totalOf } from './tally.ts'

/** What is sealed differs from run to run, and packs differently. */
const TOLERANCE = 0.02

const expectClose = (figures: { readonly [name: string]: readonly [counted: number | undefined, stated: number] }) => {
  for (const [name, [counted = Number.NaN, stated]] of Object.entries(figures))
    expect([name, Math.abs(counted / stated - 1) < TOLERANCE, counted]).toEqual([name, true, counted])
}

let counted: Import
beforeAll(async () => {
  counted = await cleaningUp(async (cleanUp) => {
    const database = await freshDatabase()
    cleanUp.defer(database.drop)
    const engines = { dynamodb: dynamodbEndpoints().dynoxide, postgres: database.url, opensearch: null }
    return countImport({ engines, metered: true, cleanUp })
  })
}, 240_000)

const NONE: Counts = { 'requests/Query': 0, 'writeUnits/subject-keys': 0, 'readUnits/events': 0 }

/** Without the snapshots of streams whose folding took long, as it may on a busy machine: each is a put of one unit. */
const commandsOf = (path: string): Counts => {
  const { 'writeUnits/snapshots': snapshots = 0, ...counts } = counted.commands.get(path) ?? {}
  return { ...counts, 'requests/PutItem': (counts['requests/PutItem'] ?? 0) - snapshots }
}

test('500 invoices are so many commands, requests and units', () => {
  expect([...counted.commands.keys()].toSorted()).toEqual(Object.keys(IMPORT).toSorted())
  for (const [path, stated] of Object.entries(IMPORT)) {
    const { 'writeUnits/events': units, ...exact } = stated
    expect({ ...NONE, ...commandsOf(path) }).toMatchObject(exact)
    expectClose({ [path]: [commandsOf(path)['writeUnits/events'], units] })
  }
})

test('an order takes what capacity and cost are derived from', () => {
  const order = each(commandsOf('/v1/orders'), 'invocations')
  const views = each(counted.feeds.get('project-views')?.batched ?? {}, 'records')
  const relay = each(counted.feeds.get('relay')?.batched ?? {}, 'records')
  const archive = each(counted.feeds.get('archive')?.batched ?? {}, 'records')
  const record = each(counted.orders, 'records')
  expectClose({
    requests: [totalOf(order, 'requests/'), ORDER.requests],
    writeUnits: [totalOf(order, 'writeUnits/'), ORDER.writeUnits],
    eventWriteUnits: [order['writeUnits/events'], ORDER.eventWriteUnits],
    storedBytes: [record['storedBytes'], ORDER.storedBytes],
    changeUnits: [record['changeUnits'], ORDER.changeUnits],
    fedBytes: [record['fedBytes'], ORDER.fedBytes],
    putUnits: [record['putUnits'], ORDER.putUnits],
    busEvents: [relay['busEvents'], ORDER.busEvents],
    busBytes: [relay['busBytes'], ORDER.busBytes],
    archivedBytes: [archive['keptBytes'], ORDER.archivedBytes],
  })
  // Of some orders the customer's key is still known from another's.
  const readUnits = totalOf(order, 'readUnits/') + totalOf(views, 'readUnits/')
  expect(readUnits).toBeGreaterThan(ORDER.readUnits * 0.9)
  expect(readUnits).toBeLessThan(ORDER.readUnits * 1.1)
})

test('a batch asks DynamoDB once for the keys of its customers, and S3 for its hour, however many orders it holds', () => {
  const batches = (feed: Feed) => each(counted.feeds.get(feed)?.batched ?? {}, 'invocations')
  expect(batches('project-views')).toMatchObject({ records: 100, 'requests/BatchGetItem': 1 })
  const { 's3/PUT': puts = 0, 's3/GET': gets = 0 } = batches('archive')
  const { s3Puts, s3Gets } = FEED_WORK.archive.hundred
  // An import that goes on past the hour has batches of two.
  for (const [counts, stated] of [
    [puts, s3Puts],
    [gets, s3Gets],
  ] as const) {
    expect(counts).toBeGreaterThanOrEqual(stated)
    expect(counts).toBeLessThanOrEqual(2 * stated)
  }
  expect(Object.keys(batches('relay')).filter((what) => what.startsWith('requests/'))).toEqual([])
})

test('the views of an order take so much of Postgres', () => {
  const { walBytes = 0, viewBytes = 0 } = each(counted.feeds.get('project-views')?.batched ?? {}, 'records')
  // By pages, and other tests write to the same log.
  expect(viewBytes / VIEWS.storedBytes).toBeGreaterThan(0.8)
  expect(viewBytes / VIEWS.storedBytes).toBeLessThan(1.2)
  expect(walBytes).toBeGreaterThan(VIEWS.walBytes * 0.8)
})
