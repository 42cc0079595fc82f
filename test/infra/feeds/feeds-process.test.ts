import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArchive } from '../../../infra/archive/read.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { systemStamp } from '../../../infra/event-store/stamp.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { statusFile } from '../../../infra/feeds/status-file.ts'
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts'
import type { Engine } from '../../../infra/local/engines/engine.ts'
import { startKinesis } from '../../../infra/local/engines/kinesis.ts'
import { statusOfProjections } from '../../../infra/local/projection-status.ts'
import { EVENT_TABLE_NAME } from '../../../infra/names.ts'
import { fileObjects } from '../../../infra/objects/files.ts'
import { ownerPool } from '../../../infra/postgres/pool.ts'
import { freshDatabase } from '../../engines/engines.ts'
import { forkFeeds } from './feeds-child.ts'
import { eventually } from './mapping-under-test.ts'

let directory = ''
let dynoxide: Engine
let kinesis: Engine
let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: ReturnType<typeof ownerPool>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'daybook-feeds-process-'))
  const options = (name: string) => ({ dataDir: join(directory, name), logFile: join(directory, `${name}.log`) })
  const started = [startDynoxide(options('dynoxide')), startKinesis(options('kinesis')), freshDatabase()] as const
  ;[dynoxide, kinesis, database] = await Promise.all(started)
  pool = ownerPool(database.url)
})
afterAll(async () => {
  await pool.end()
  await Promise.all([dynoxide.stop(), kinesis.stop()])
  await database.drop()
  await rm(directory, { recursive: true })
})

const start = () =>
  forkFeeds({
    dataDir: directory,
    port: 4000,
    dynamodbEndpoint: dynoxide.url,
    kinesisEndpoint: kinesis.url,
    postgresUrl: database.url,
    opensearchUrl: undefined,
    publicUrl: 'http://127.0.0.1:4000',
  })

const store = () =>
  dynamoEventStore({ client: dynamoDbClient(dynoxide.url), table: EVENT_TABLE_NAME, ...systemStamp() })

const addProduct = async (sku: string): Promise<void> => {
  const data = { sku, name: `Product ${sku}`, category: null, price: { amount: '1.5', currency: 'GBP' } }
  const added = await store().append(store().emptyStream({ tenant: 'shop', type: 'product', id: sku }), {
    actor: { subject: 'tester', roles: ['admin'] },
    correlationId: sku,
    causationId: null,
    commandId: sku,
    fingerprint: '0'.repeat(64),
    events: [{ type: 'ProductAdded', schemaVersion: 1, data }],
  })
  if (E.isLeft(added)) throw new Error(`not appended: ${added.left._tag}`)
}

const skusIn = async (table: 'products' | 'product_search'): Promise<string> => {
  const { rows } = await pool.query<{ sku: string }>(`SELECT sku FROM ${table} ORDER BY sku`)
  return rows.map(({ sku }) => sku).join()
}

test('the process waits for the event table, then feeds views and search, and resumes after a crash', async () => {
  const first = start()
  await createTable(dynamoDbClient(dynoxide.url), eventTableDefinition(EVENT_TABLE_NAME))
  await eventually(first.isReady, 60_000)
  await addProduct('A')
  await eventually(async () => (await skusIn('products')) === 'A' && (await skusIn('product_search')) === 'A')
  await first.kill()

  await addProduct('B')
  const second = start()
  await eventually(
    async () => (await skusIn('products')) === 'A,B' && (await skusIn('product_search')) === 'A,B',
    20_000,
  )
  await eventually(second.isReady)
  await eventually(async () => {
    const { mappings, at } = JSON.parse(await readFile(statusFile(directory), 'utf8'))
    return at <= Date.now() && mappings.every(({ pending }: { readonly pending: number }) => pending === 0)
  })
  second.child.kill('SIGTERM')
  expect(await second.exited).toEqual({ code: 0, signal: null })
}, 180_000)

test('while a view takes nothing, the status tells every commit that waits for it, and since when; then none', async () => {
  const { child, exited, isReady } = start()
  await eventually(isReady, 60_000)
  const lag = async () => {
    const status = await statusOfProjections(pool, directory, Date.now)()
    if (E.isLeft(status)) throw new Error(status.left.code)
    const products = status.right.projections.find(({ name }) => name === 'products')
    if (products === undefined) throw new Error('products has no status')
    return products
  }
  const isCaughtUp = async (): Promise<boolean> => {
    const { lagEvents, lagEventsOrMore, lagSeconds } = await lag()
    return lagEvents === 0 && !lagEventsOrMore && lagSeconds === 0
  }
  await eventually(isCaughtUp)
  const lock = await pool.connect()
  try {
    await lock.query('BEGIN; LOCK TABLE products')
    for (let index = 0; index < 40; index += 1) await addProduct(`waiting-${index}`)
    await eventually(async () => {
      const { lagEvents, lagEventsOrMore } = await lag()
      return lagEvents === 40 && !lagEventsOrMore
    })
    const { lagSeconds } = await lag()
    await eventually(async () => (await lag()).lagSeconds > lagSeconds + 1)
  } finally {
    await lock.query('COMMIT')
    lock.release()
  }
  await eventually(isCaughtUp)
  expect((await lag()).ratePerSecondOverMinute).toBeGreaterThan(0)
  child.kill('SIGTERM')
  expect(await exited).toEqual({ code: 0, signal: null })
}, 180_000)

test('the process ends by itself when its parent is gone', async () => {
  const { child, exited, isReady } = start()
  await eventually(isReady, 60_000)
  child.disconnect()
  expect(await exited).toEqual({ code: 0, signal: null })
}, 180_000)

test('the process ends with a failure when Kinesis was restarted empty, to be started anew', async () => {
  const { exited, isReady } = start()
  await eventually(isReady, 60_000)
  await kinesis.stop()
  const options = { dataDir: join(directory, 'kinesis'), logFile: join(directory, 'kinesis.log'), port: kinesis.port }
  kinesis = await startKinesis(options)
  expect(await exited).toEqual({ code: 1, signal: null })
  const again = start()
  await addProduct('C')
  await eventually(async () => (await skusIn('product_search')).includes('C'), 60_000)
  again.child.kill('SIGTERM')
  expect(await again.exited).toEqual({ code: 0, signal: null })
}, 180_000)

test('what was committed before a crash and behind it is archived once, as it is in the event store', async () => {
  const before = start()
  await eventually(before.isReady, 60_000)
  await addProduct('D')
  before.child.kill('SIGKILL')
  await before.exited
  await addProduct('E')
  const after = start()
  const skus = ['A', 'B', 'C', 'D', 'E']
  const archived = async () =>
    (await Array.fromAsync(readArchive(fileObjects(directory))).catch(() => [])).filter(
      ({ stream }) => stream.type === 'product' && skus.includes(stream.id),
    )
  await eventually(async () => (await archived()).length === 5, 60_000)
  const stored = await Promise.all(
    skus.map((sku) => Array.fromAsync(store().read({ tenant: 'shop', type: 'product', id: sku }))),
  )
  expect(await archived()).toEqual(stored.flat().map(({ commit }) => commit))
  after.child.kill('SIGTERM')
  expect(await after.exited).toEqual({ code: 0, signal: null })
}, 180_000)
