import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GivenUpRecord } from '../../../infra/feeds/given-up-batch.ts'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { projectorPool } from '../../../infra/postgres/pool.ts'
import { parkGivenUp } from '../../../infra/views/park-given-up.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { freshDatabase } from '../../engines/engines.ts'

const database = await freshDatabase()
const pool = projectorPool(database.url)
const views = postgresViewStore(pool)
beforeAll(() => migrate(database.url))
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const stream = { tenant: 'acme', type: 'order', id: 'o-1' }
const Keys = { pk: { S: 'acme#order#o-1' }, sk: { N: '3' } }
const changed: GivenUpRecord = { eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: '7', Keys } }

const CONCERNED = [
  { name: 'orders', streamTypes: ['order'], tellsProgress: true },
  { name: 'sales', streamTypes: ['order'], tellsProgress: true },
  { name: 'stock', streamTypes: ['stock'], tellsProgress: true },
]

const parkedIn = async (...names: ReadonlyArray<string>) =>
  (await Promise.all(names.map((name) => views.parked(name)))).map((parked) =>
    parked.map((each) => `${each.stream.type}/${each.stream.id}@${each.version} ${each.error}`),
  )

test('a stream is parked where it is read and where the commit is lacking, and nowhere else', async () => {
  const advances = [{ stream, from: 0, to: 3 }]
  await views.commit({ projection: { name: 'sales', tables: [] }, advances, changes: [] })
  await parkGivenUp(views, CONCERNED, changed, 'given up')
  expect(await parkedIn('orders', 'sales', 'stock')).toEqual([['order/o-1@3 given up'], [], []])
})

test('what Kinesis brought is parked in an index that does not tell how far it is', async () => {
  const data = Buffer.from(JSON.stringify({ eventName: 'INSERT', dynamodb: { Keys } })).toString('base64')
  const record: GivenUpRecord = { eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '9', data } }
  await parkGivenUp(views, [{ name: 'product-search', tellsProgress: false }], record, 'given up')
  expect(await parkedIn('product-search')).toEqual([['order/o-1@3 given up']])
})

test('a record that names no stream is parked under its own id', async () => {
  const record: GivenUpRecord = { eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '11', data: 'bm9uc2Vuc2U=' } }
  await parkGivenUp(views, [{ name: 'archive', tellsProgress: false }], record, 'given up')
  expect(await parkedIn('archive')).toEqual([['?/11@0 given up']])
})
