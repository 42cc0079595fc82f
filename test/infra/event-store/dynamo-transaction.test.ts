import { setTimeout as sleep } from 'node:timers/promises'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { jitteredPauses } from '../../../infra/decorrelated-jitter.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import {
  type DynamoTransactionOptions,
  dynamoTransactionalEventStore,
} from '../../../infra/event-store/dynamo-transaction.ts'
import { CorruptCommit, EventStoreFault } from '../../../infra/event-store/port.ts'
import { reservationTableDefinition } from '../../../infra/event-store/reservation-table.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { AWS_BOUNDS } from '../../../infra/event-store/time-bounds.ts'
import type { Transaction, TransactionalEventStore } from '../../../infra/event-store/transaction-port.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { noise } from '../../contracts/noise.ts'
import { sequenceContract } from '../../contracts/sequences.ts'
import { transactionContract } from '../../contracts/transactions.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { stampAt, testStamp } from './stamp.ts'
import { type Fate, troubledEngine } from './troubled-engine.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

describe.each(engines)('%s', (engine, endpoint) => {
  const tables = { table: freshName('events'), reservationTable: freshName('reservations') }
  const client = dynamoDbClient(endpoint)
  beforeAll(async () => {
    await createTable(client, eventTableDefinition(tables.table))
    await createTable(client, reservationTableDefinition(tables.reservationTable))
  })

  const objects = memoryObjects()
  const storeAt = (url: string, more: Partial<DynamoTransactionOptions> = {}): TransactionalEventStore =>
    dynamoTransactionalEventStore({
      client: dynamoDbClient(url),
      ...tables,
      objects,
      pauses: () => async () => {},
      ...testStamp,
      ...more,
    })

  transactionContract(engine, async () => storeAt(endpoint))
  sequenceContract(engine, async () => storeAt(endpoint), jitteredPauses({ baseMs: 2, capMs: 20 }, Math.random, sleep))

  const direct = storeAt(endpoint)
  let tests = 0
  /**
   * A store on an engine in trouble, and a transaction of two commits, a claim and a number. `minutesEach`: how long the process
   * sleeps when a transaction was sent.
   */
  const troubledBy = async (fates: ReadonlyArray<Fate>, minutesEach = 0) => {
    tests += 1
    const tenant = `troubled-${tests}`
    const streams = ['one', 'other'].map((id) => ({ tenant, type: 'order', id }))
    const [one, other] = streams
    if (one === undefined || other === undefined) throw new Error('unreachable')
    const way = await troubledEngine(endpoint, fates)
    let pauses = 0
    const clock = () => new Date(Date.now() + way.transactions() * minutesEach * 60_000)
    const pause = async () => {
      pauses += 1
    }
    const store = storeAt(way.url, { pauses: () => pause, ...stampAt(clock), bounds: { ...AWS_BOUNDS, clockSkew: 0 } })
    const begin = (stream: typeof one) => ({ position: store.emptyStream(stream), draft: draftOf('c1', 1) })
    const transaction: Transaction = {
      commits: [begin(one), begin(other)],
      claims: [{ scope: 'email', value: 'a@example.com', holder: one }],
      advances: [{ sequence: { tenant, name: 'invoice' }, after: 0, through: 1 }],
    }
    const stored = async () => {
      const found = await Promise.all(streams.map((stream) => Array.fromAsync(direct.read(stream))))
      return found.flat()
    }
    return { ...way, store, transaction, stored, pauses: () => pauses, one }
  }

  const troubled = (...fates: ReadonlyArray<Fate>) => troubledBy(fates)

  const busy = [{ Code: 'None' }, { Code: 'TransactionConflict' }, { Code: 'None' }, { Code: 'None' }]
  const throttled = [{ Code: 'ThrottlingError' }, { Code: 'None' }, { Code: 'None' }, { Code: 'None' }]
  const invalid = [
    { Code: 'None' },
    { Code: 'None' },
    { Code: 'ValidationError', Message: 'too odd' },
    { Code: 'None' },
  ]

  test('a transaction whose answer was lost finds its own commits, though its token is forgotten', async () => {
    const { store, transaction, stored, transactions } = await troubled('answer lost')
    const settled = await store.appendAll(transaction)
    expect(transactions()).toBe(2)
    expect(settled).toEqual(E.right(await stored()))
  })

  test('a try whose answer was lost is known again by a later try that has other ids', async () => {
    const { store, transaction, stored, transactions } = await troubled('answer lost', busy)
    const settled = await store.appendAll(transaction)
    expect(transactions()).toBe(3)
    expect(settled).toEqual(E.right(await stored()))
  })

  test('what was stamped long ago is not sent again, but known again by the next try', async () => {
    const { store, transaction, stored, transactions } = await troubledBy(['answer lost'], 10)
    const settled = await store.appendAll(transaction)
    expect(transactions()).toBe(2)
    expect(settled).toEqual(E.right(await stored()))
  })

  test('answers that are lost under every stamp are a fault, for nobody knows what was written', async () => {
    const { store, transaction, transactions } = await troubledBy(
      Array.from({ length: 99 }, () => 'answer lost'),
      10,
    )
    const fault = await store.appendAll(transaction).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(EventStoreFault)
    expect(fault).toMatchObject({ kind: 'unavailable' })
    expect(transactions()).toBe(3)
  })

  test('without object storage a commit beyond the item limit is refused before any write, naming the limit', async () => {
    const stream = { tenant: 'large', type: 'order', id: '1' }
    const store = dynamoTransactionalEventStore({ client, ...tables, pauses: () => async () => {}, ...testStamp })
    const refused = await store.appendAll({
      commits: [{ position: store.emptyStream(stream), draft: draftOf('c1', noise(1_000_000)) }],
    })
    expect(refused).toMatchObject(E.left({ _tag: 'CommitTooLarge', limit: 400 * 1024 - 1024 }))
    expect(await Array.fromAsync(store.read(stream))).toEqual([])
  })

  test('other transactions in the way are waited for', async () => {
    const { store, transaction, stored, transactions, pauses } = await troubled(busy, throttled, busy)
    expect(await store.appendAll(transaction)).toEqual(E.right(await stored()))
    expect([transactions(), pauses()]).toEqual([4, 3])
  })

  test('other transactions that stay in the way are neither conflict nor fault', async () => {
    const { store, transaction, stored, transactions } = await troubled(...Array.from({ length: 99 }, () => busy))
    expect(await store.appendAll(transaction)).toEqual(E.left({ _tag: 'Contended', attempts: 10 }))
    expect(transactions()).toBe(10)
    expect(await stored()).toEqual([])
  })

  test('throttling that does not end is a fault of its kind', async () => {
    const { store, transaction, transactions } = await troubled(...Array.from({ length: 99 }, () => throttled))
    const fault = await store.appendAll(transaction).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(EventStoreFault)
    expect(fault).toMatchObject({ kind: 'throttled', message: expect.stringContaining('#order#one') })
    expect(transactions()).toBe(10)
  })

  test.each([
    ['invalid', invalid],
    ['invalid and contended', invalid.with(0, { Code: 'TransactionConflict' })],
    ['cancelled without a reason', []],
    ['cancelled for a reason that is not known', [{ Code: 'SomethingNew' }]],
  ])('what is %s is a fault, and is not tried again', async (_, reasons) => {
    const { store, transaction, transactions, stored } = await troubled(reasons, reasons)
    const fault = await store.appendAll(transaction).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(EventStoreFault)
    expect(fault).toMatchObject({ kind: 'refused' })
    expect(transactions()).toBe(1)
    expect(await stored()).toEqual([])
  })

  test('a winner that somebody changed is corrupt, not a conflict', async () => {
    const { store, transaction, one } = await troubled()
    const forged = { pk: { S: `${one.tenant}#order#one` }, sk: { N: '1' }, format: { N: '1' } }
    await client.send(new PutItemCommand({ TableName: tables.table, Item: forged }))
    await expect(store.appendAll(transaction)).rejects.toThrow(CorruptCommit)
  })

  test('a table that is missing is a fault, not a conflict', async () => {
    const { transaction } = await troubled()
    const lost = dynamoTransactionalEventStore({
      client,
      ...tables,
      table: 'nowhere',
      pauses: () => async () => {},
      ...testStamp,
    })
    const fault = await lost.appendAll(transaction).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(EventStoreFault)
    expect(fault).toMatchObject({ kind: 'refused' })
  })
})
