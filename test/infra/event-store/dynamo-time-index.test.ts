import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { backOff } from '../../../infra/back-off.ts'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { type Sealed, seal } from '../../../infra/event-store/commit.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { type DynamoTimeIndexOptions, dynamoTimeIndex } from '../../../infra/event-store/dynamo-time-index.ts'
import { type Item, itemOf } from '../../../infra/event-store/item.ts'
import { type Commit, CorruptCommit, EventStoreFault } from '../../../infra/event-store/port.ts'
import { emptyStream, NO_COMMIT_ID, positionAt } from '../../../infra/event-store/position.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { CONTRACT_BOUNDS, timeIndexContract } from '../../contracts/time-index.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { stampAt } from './stamp.ts'
import { watchedClient } from './watched-client.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)
const NOON = Date.UTC(2026, 2, 1, 12)
const DAY = 86_400_000

const sealedAt = (time: number, tenant: string, id: string, data: unknown = null): Sealed =>
  seal(
    emptyStream({ tenant, type: 'order', id }),
    draftOf(id, data),
    stampAt(() => new Date(time)),
  )

const inOrder = (commits: ReadonlyArray<Commit>): ReadonlyArray<string> =>
  commits.map(({ commitId }) => commitId).toSorted()

describe.each(engines)('%s', (engine, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  const shared = { client, table, bounds: CONTRACT_BOUNDS }
  beforeAll(() => createTable(client, eventTableDefinition(table)))

  timeIndexContract(engine, () => ({
    storeAt: (clock) => dynamoEventStore({ ...shared, ...stampAt(clock) }),
    indexAt: (clock) => dynamoTimeIndex({ ...shared, clock, backOff, pageSize: 5 }),
  }))

  const put = (item: Item) => client.send(new PutItemCommand({ TableName: table, Item: item }))
  const putAll = async (items: ReadonlyArray<Item>): Promise<void> => {
    for (let done = 0; done < items.length; done += 25) {
      const puts = items.slice(done, done + 25).map((item) => ({ PutRequest: { Item: item } }))
      const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }))
      if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('the engine left items over')
    }
  }
  const reading = (tenant: string, options: Partial<DynamoTimeIndexOptions> = {}) =>
    dynamoTimeIndex({ ...shared, clock: () => new Date(NOON + DAY), backOff, ...options }).commits({
      tenant,
      from: new Date(NOON - 1),
      to: new Date(NOON + 60_000),
    })

  test('more than a megabyte of entries in one shard is read whole', { timeout: 120_000 }, async () => {
    const tenant = freshName('tenant')
    const sealed = Array.from({ length: 7_000 }, (_, index) =>
      sealedAt(NOON + index, tenant, `${index}`.padEnd(64, 'x')),
    )
    await putAll(sealed.map((each) => ({ ...itemOf(each), bucket: { S: `${tenant}#2026-03-01#3` } })))
    const counting = watchedClient(endpoint)
    const read = await Array.fromAsync(reading(tenant, { client: counting.client, pageSize: 1_000_000 }))
    expect(read.map(({ commitId }) => commitId)).toEqual(inOrder(sealed.map(({ commit }) => commit)))
    expect(counting.sent.filter((name) => name === 'QueryCommand').length).toBeGreaterThan(16)
  })

  test('more commits than one answer can hold, 16 MB, come whole and in order', { timeout: 120_000 }, async () => {
    const tenant = freshName('tenant')
    const noise = Array.from({ length: 45_000 }, (_, i) => (Math.sin(i) * 1e15).toString(36).slice(2, 9)).join('')
    const sealed = Array.from({ length: 100 }, (_, index) => sealedAt(NOON + index, tenant, `${index}`, { noise }))
    for (const each of sealed) await put(itemOf(each))
    const watched = watchedClient(endpoint)
    const read = await Array.fromAsync(reading(tenant, { client: watched.client }))
    expect(read.map(({ commitId }) => commitId)).toEqual(sealed.map(({ commit }) => commit.commitId))
    expect(watched.sent.filter((name) => name === 'BatchGetItemCommand').length).toBeGreaterThan(1)
  })

  test('keys that a batch leaves over are asked for again, and put in their places', async () => {
    const tenant = freshName('tenant')
    const sealed = Array.from({ length: 120 }, (_, index) => sealedAt(NOON + index, tenant, `${index}`))
    await putAll(sealed.map((each) => itemOf(each)))
    const waits: number[] = []
    const sparing = watchedClient(endpoint, { keysAtOnce: 30 })
    const read = await Array.fromAsync(
      reading(tenant, {
        client: sparing.client,
        backOff: async (attempt) => {
          waits.push(attempt)
        },
      }),
    )
    expect(read.map(({ commitId }) => commitId)).toEqual(inOrder(sealed.map(({ commit }) => commit)))
    expect(sparing.sent.filter((name) => name === 'BatchGetItemCommand')).toHaveLength(4 + 1)
    expect(waits).toEqual([1, 1, 1])
  })

  test('a batch that is left over again and again is a fault, after ever longer waits', async () => {
    const tenant = freshName('tenant')
    await put(itemOf(sealedAt(NOON, tenant, 'one')))
    const waits: number[] = []
    const refusing = watchedClient(endpoint, { keysAtOnce: 0 })
    const read = Array.fromAsync(
      reading(tenant, {
        client: refusing.client,
        backOff: async (attempt) => {
          waits.push(attempt)
        },
      }),
    )
    await expect(read).rejects.toThrow(EventStoreFault)
    expect(waits).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('a day costs 16 queries, and a hundred commits one request more', async () => {
    const tenant = freshName('tenant')
    await putAll(Array.from({ length: 200 }, (_, index) => itemOf(sealedAt(NOON + index, tenant, `${index}`))))
    const { client: counted, sent } = watchedClient(endpoint)
    expect(await Array.fromAsync(reading(tenant, { client: counted }))).toHaveLength(200)
    expect(sent.toSorted()).toEqual([
      ...Array.from({ length: 2 }, () => 'BatchGetItemCommand'),
      ...Array.from({ length: 16 }, () => 'QueryCommand'),
    ])
  })

  test('a commit that somebody changed stops the reading, naming it', async () => {
    const tenant = freshName('tenant')
    await put({ ...itemOf(sealedAt(NOON, tenant, 'one')), subject: { S: 'somebody else' } })
    const read = Array.fromAsync(reading(tenant))
    await expect(read).rejects.toThrow(CorruptCommit)
    await expect(read).rejects.toThrow(`commit ${tenant}/order/one@1 is corrupt: its hash does not match`)
  })

  test('a commit that lies under another day than that of its id stops the reading, naming it', async () => {
    const tenant = freshName('tenant')
    await put({ ...itemOf(sealedAt(NOON - DAY, tenant, 'one')), bucket: { S: `${tenant}#2026-03-01#0` } })
    const whole = dynamoTimeIndex({ ...shared, clock: () => new Date(NOON + DAY), backOff })
    const read = Array.fromAsync(whole.commits({ tenant, from: new Date(NOON - 2 * DAY), to: new Date(NOON) }))
    await expect(read).rejects.toThrow(`commit ${tenant}/order/one@1 is corrupt: the time index has`)
  })

  test.each([
    ['is not in the table', { sk: { N: '9' } }, '@9 is corrupt: only the time index has it'],
    [
      'has another id there',
      { commitId: { S: '01KJM4AV00AAAAAAAAAAAAAAAA' } },
      '@1 is corrupt: the time index calls it',
    ],
  ])('an entry of the index whose commit %s stops the reading, naming it', async (_, altered, message) => {
    const tenant = freshName('tenant')
    await put(itemOf(sealedAt(NOON, tenant, 'one')))
    const { client: altering } = watchedClient(endpoint, {
      entries: (items) => items.map((item) => ({ ...item, ...altered })),
    })
    const read = Array.fromAsync(reading(tenant, { client: altering }))
    await expect(read).rejects.toThrow(CorruptCommit)
    await expect(read).rejects.toThrow(message)
  })

  test('a stream from before ids ascended is read as it was written, and ascends from there on', async () => {
    const stream = { tenant: freshName('tenant'), type: 'order', id: 'old' }
    const first = seal(
      emptyStream(stream),
      draftOf('c1', 1),
      stampAt(() => new Date(NOON + 5)),
    )
    const unordered = positionAt(stream, 1, first.commit.hash, NO_COMMIT_ID)
    const second = seal(
      unordered,
      draftOf('c2', 2),
      stampAt(() => new Date(NOON)),
    )
    await putAll([itemOf(first), itemOf(second)])
    const store = dynamoEventStore({ ...shared, ...stampAt(() => new Date(NOON - 5)) })
    const slices = await Array.fromAsync(store.read(stream))
    expect(slices.map(({ commit }) => commit)).toEqual([first.commit, second.commit])
    const third = await store.append(slices[1]?.position ?? emptyStream(stream), draftOf('c3', 3))
    if (E.isLeft(third)) throw new Error(third.left._tag)
    expect(third.right.commit.commitId > second.commit.commitId).toBe(true)
    const read = await Array.fromAsync(reading(stream.tenant))
    expect(read).toEqual([second.commit, third.right.commit, first.commit])
  })
})

test('an engine that is away is a fault', async () => {
  const client = dynamoDbClient('http://127.0.0.1:9')
  const index = dynamoTimeIndex({ client, table: 'nowhere', clock: () => new Date(NOON), backOff })
  const range = { tenant: 'acme', from: new Date(NOON - DAY), to: new Date(NOON) }
  await expect(Array.fromAsync(index.commits(range))).rejects.toThrow(EventStoreFault)
})
