import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { comparedStatus } from '../../../infra/composition/compared-status.ts'
import { PROJECTION_NAMES } from '../../../infra/composition/projections.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { newestCommits } from '../../../infra/event-store/newest-commits.ts'
import type { StreamName } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { projectorPool } from '../../../infra/postgres/pool.ts'
import { memoryProducts } from '../../../infra/search/memory.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { CONTRACT_BOUNDS } from '../../contracts/time-index.ts'
import { dynamodbEndpoints, freshDatabase, freshName } from '../../engines/engines.ts'
import { stampAt } from '../event-store/stamp.ts'

const client = dynamoDbClient(dynamodbEndpoints().dynoxide)
const table = freshName('events')
let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: ReturnType<typeof projectorPool>
beforeAll(async () => {
  database = await freshDatabase()
  await migrate(database.url)
  pool = projectorPool(database.url, { max: 1 })
  await createTable(client, eventTableDefinition(table))
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const NOON = Date.UTC(2026, 2, 1, 12)
let tenant = ''
beforeEach(() => {
  tenant = freshName('t')
})

const append = async (type: string, id: string, time: number): Promise<StreamName> => {
  const stream = { tenant, type, id }
  const store = dynamoEventStore({ client, table, bounds: CONTRACT_BOUNDS, ...stampAt(() => new Date(time)) })
  const appended = await store.append(store.emptyStream(stream), draftOf(id, null))
  if (E.isLeft(appended)) throw new Error(appended.left._tag)
  return stream
}

/** Lets the views that read a stream hold its first commit. */
const project = async (stream: StreamName): Promise<void> => {
  for (const { name, streamTypes } of postgresProjections) {
    if (!streamTypes.includes(stream.type)) continue
    const advances = [{ stream, from: 0, to: 1 }]
    await postgresViewStore(pool).commit({ projection: { name, tables: [] }, advances, changes: [] })
  }
}

const search = memoryProducts()

const statusOf = async (read = search.read) => {
  const tenants = async () => ['nobody', tenant]
  const deps = { pool, search: { read }, newest: newestCommits({ client, table }), tenants }
  const { asOf, projections } = await comparedStatus({ ...deps, clock: () => new Date(NOON) })()
  expect(asOf).toBe(new Date(NOON).toISOString())
  expect(projections.map(({ name }) => name)).toEqual(PROJECTION_NAMES)
  return new Map(projections.map((each) => [each.name, each]))
}

const lag = (lagEvents: number, lagSeconds: number) => ({
  lagEvents,
  lagSeconds,
  lagEventsOrMore: false,
  lastError: null,
})

test('a feed that has nothing to do does not lag, and one that is dead does', async () => {
  const order = await append('order', 'o-1', NOON - 90_000)
  const product = await append('product', 'lantern', NOON - 30_000)
  const before = await statusOf()
  expect(before.get('orders')).toMatchObject({ ...lag(1, 90), ratePerSecond: null, parkedStreams: 0 })
  expect(before.get('products')).toMatchObject(lag(1, 30))
  expect(before.get('product-search')).toMatchObject(lag(1, 30))
  expect(before.get('stock')).toMatchObject(lag(0, 0))
  await Promise.all([project(order), project(product)])
  await search.write([{ tenant, sku: 'lantern', version: 1, document: null }])
  for (const each of (await statusOf()).values()) expect(each).toMatchObject(lag(0, 0))
})

test('what is parked waits for a person, and is no lag', async () => {
  const product = await append('product', 'poison', NOON - 30_000)
  const parked = { stream: product, version: 1, error: 'poison' }
  await postgresViewStore(pool).park({ projection: 'products', ...parked })
  await postgresViewStore(pool).park({ projection: 'product-search', ...parked })
  const status = await statusOf()
  expect(status.get('products')).toMatchObject({ ...lag(0, 0), parkedStreams: 1 })
  expect(status.get('product-search')).toMatchObject({ ...lag(0, 0), parkedStreams: 1 })
  expect(status.get('product-movement')?.parkedStreams).toBe(0)
})

test('where the search engine is away, its projection says that nobody knows, and the others are told of', async () => {
  await append('product', 'lantern', NOON - 30_000)
  const status = await statusOf(() => Promise.reject(new Error('search is away')))
  expect(status.get('product-search')).toMatchObject({
    lagEvents: 0,
    lagEventsOrMore: true,
    lastError: 'search is away',
  })
  expect(status.get('products')).toMatchObject(lag(1, 30))
})

test('where more commits were written than are looked at, there may be more that wait, if one does', async () => {
  const streams = [await append('order', 'o-1', NOON), await append('order', 'o-2', NOON - 1_000)]
  const newest = newestCommits({ client, table })
  const cut = async (of: string, now: Date) => ({ ...(await newest(of, now)), more: true })
  const deps = { pool, search, tenants: async () => [tenant], clock: () => new Date(NOON) }
  const ordersMayLagMore = async () => {
    const { projections } = await comparedStatus({ ...deps, newest: cut })()
    return projections.find(({ name }) => name === 'orders')?.lagEventsOrMore
  }
  expect(await ordersMayLagMore()).toBe(true)
  await Promise.all(streams.map(project))
  expect(await ordersMayLagMore()).toBe(false)
})
