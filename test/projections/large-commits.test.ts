import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../infra/event-store/dynamo.ts'
import { partitionKeyOf } from '../../infra/event-store/keys.ts'
import type { Commit, EventStore, Position, StoredEvent, StreamName } from '../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { attributesOf } from '../../infra/feeds/attribute-value.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import { memoryObjects } from '../../infra/objects/memory.ts'
import { type ObjectStorage, ObjectStorageFault } from '../../infra/objects/port.ts'
import { memoryViewStore } from '../../infra/views/memory.ts'
import { draftOf } from '../contracts/event-store.ts'
import { noise } from '../contracts/noise.ts'
import { dynamodbEndpoints, freshName } from '../engines/engines.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { orderCancelled, orderPlaced, orderStream } from './commits.ts'
import { projectorOf } from './projector-under-test.ts'
import { kinesisRecordOf, searchProjectorOf } from './search-projector-under-test.ts'

const client = dynamoDbClient(dynamodbEndpoints().dynoxide)
const table = freshName('events')
beforeAll(() => createTable(client, eventTableDefinition(table)))

const storeOn = (objects: ObjectStorage): EventStore => dynamoEventStore({ client, table, objects, ...testStamp })

let objects: ReturnType<typeof memoryObjects>
beforeEach(() => {
  objects = memoryObjects()
})

const append = async (position: Position, ...events: ReadonlyArray<StoredEvent>): Promise<Position> => {
  const draft = { ...draftOf(`c${position.version}`), events }
  const appended = await storeOn(objects).append(position, draft)
  if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
  return appended.right.position
}

let records = 0
/** The record that the table's stream carries for what the table holds there. */
const recordAt = async (stream: StreamName, version: Commit['version']): Promise<DynamoDBRecord> => {
  records += 1
  const Key = { pk: { S: partitionKeyOf(stream) }, sk: { N: String(version) } }
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
  if (Item === undefined) throw new Error('there is no such item')
  const dynamodb = { Keys: attributesOf(Key), NewImage: attributesOf(Item), SequenceNumber: String(records) }
  return { eventID: `event-${records}`, eventName: 'INSERT', dynamodb }
}

const manyLines = Array.from({ length: 5_000 }, (_, i) => ({
  sku: `SKU ${i}`,
  description: noise(300, i),
  quantity: 1,
  unitPrice: '0.5',
}))
const largeOrder = (id: string): StoredEvent => orderPlaced(id, { lines: manyLines, total: '2500' })

const nothingFailed = { batchItemFailures: [] }
const away: ObjectStorage['get'] = () => Promise.reject(new ObjectStorageFault('the storage is away'))

describe('a large order', () => {
  test('comes along without its events, is fetched, and reaches every view beside what came with it', async () => {
    const [large, small] = [orderStream('large'), orderStream('small')]
    const store = storeOn(objects)
    await append(await append(store.emptyStream(large), largeOrder('large')), orderCancelled('large'))
    await append(store.emptyStream(small), orderPlaced('small'))
    const Records = [await recordAt(large, 1), await recordAt(small, 1), await recordAt(large, 2)]
    expect(Records[0]?.dynamodb?.NewImage).not.toHaveProperty('events')
    const views = memoryViewStore()
    const handler = projectorOf({ views, events: store })
    expect(await handler({ Records })).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([
      { order_id: 'large', status: 'cancelled', version: 2 },
      { order_id: 'small', status: 'placed', version: 1 },
    ])
    expect(await views.parked('orders')).toEqual([])
  })

  test('is dropped when it comes again, without being fetched again', async () => {
    const stream = orderStream('again')
    await append(storeOn(objects).emptyStream(stream), largeOrder('again'))
    const Records = [await recordAt(stream, 1)]
    const views = memoryViewStore()
    expect(await projectorOf({ views, events: storeOn(objects) })({ Records })).toEqual(nothingFailed)
    const forgetful = storeOn({ ...objects, get: away })
    expect(await projectorOf({ views, events: forgetful })({ Records: [...Records, ...Records] })).toEqual(
      nothingFailed,
    )
    expect(views.rows('orders')).toMatchObject([{ order_id: 'again', version: 1 }])
  })

  test('comes again, and is not parked, while object storage is away', async () => {
    const stream = orderStream('waiting')
    await append(storeOn(objects).emptyStream(stream), largeOrder('waiting'))
    const Records = [await recordAt(stream, 1)]
    const views = memoryViewStore()
    const failed = await projectorOf({ views, events: storeOn({ ...objects, get: away }) })({ Records })
    expect(failed.batchItemFailures).toHaveLength(1)
    expect(await views.parked('orders')).toEqual([])
    expect(await projectorOf({ views, events: storeOn(objects) })({ Records })).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([{ order_id: 'waiting' }])
  })

  test('of which the object is gone is parked, naming it, and other streams go on', async () => {
    const [lost, good] = [orderStream('lost'), orderStream('good')]
    const store = storeOn(objects)
    await append(store.emptyStream(lost), largeOrder('lost'))
    await append(store.emptyStream(good), orderPlaced('good'))
    const views = memoryViewStore()
    const Records = [await recordAt(lost, 1), await recordAt(good, 1)]
    expect(await projectorOf({ views, events: storeOn(memoryObjects()) })({ Records })).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([{ order_id: 'good' }])
    expect(await views.parked('orders')).toMatchObject([
      {
        stream: lost,
        version: 1,
        error: expect.stringMatching(/acme\/order\/lost@1 is corrupt: object .* is missing/),
      },
    ])
  })
})

test('a stream with an item that somebody altered is parked, and other streams go on', async () => {
  const [bad, good] = [orderStream('bad'), orderStream('fine')]
  const store = storeOn(objects)
  await append(await append(store.emptyStream(bad), orderPlaced('bad')), orderCancelled('bad'))
  await append(store.emptyStream(good), orderPlaced('fine'))
  const Key = { pk: { S: partitionKeyOf(bad) }, sk: { N: '2' } }
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
  await client.send(new PutItemCommand({ TableName: table, Item: { ...Item, subject: { S: 'somebody else' } } }))
  const views = memoryViewStore()
  const Records = [await recordAt(bad, 1), await recordAt(bad, 2), await recordAt(good, 1)]
  expect(await projectorOf({ views, events: store })({ Records })).toEqual(nothingFailed)
  expect(views.rows('orders')).toMatchObject([
    { order_id: 'bad', status: 'placed', version: 1 },
    { order_id: 'fine', status: 'placed' },
  ])
  expect(await views.parked('orders')).toMatchObject([
    { stream: bad, version: 2, error: expect.stringContaining('its hash does not match its content') },
  ])
})

describe('a large commit of a product', () => {
  const stream = { tenant: 'acme', type: 'product', id: 'LAMP' }
  const price = (amount: string) => ({ amount, currency: 'GBP' })
  const added: StoredEvent = {
    type: 'ProductAdded',
    schemaVersion: 1,
    data: { sku: 'LAMP', name: 'LAMP', category: null, price: price('1') },
  }
  const changes = Array.from({ length: 20_000 }, (_, i): StoredEvent => {
    const amount = `${1 + i}.${parseInt(noise(8, i), 36)}`.slice(0, 15)
    return { type: 'ProductPriceChanged', schemaVersion: 1, data: { price: price(amount), note: noise(20, i) } }
  })

  test('reaches the search index, and comes again while object storage is away', async () => {
    await append(storeOn(objects).emptyStream(stream), added, ...changes)
    const record = await recordAt(stream, 1)
    expect(record.dynamodb?.NewImage).not.toHaveProperty('events')
    const Records = [kinesisRecordOf(destinationRecord(record, 'pk').data, '9')]
    const waiting = searchProjectorOf({ events: storeOn({ ...objects, get: away }) })
    expect(await waiting.handle({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '9' }] })
    expect(await waiting.parked()).toEqual([])
    const { handle, search, parked } = searchProjectorOf({ events: storeOn(objects) })
    expect(await handle({ Records })).toEqual(nothingFailed)
    expect(search.all()).toMatchObject([{ sku: 'LAMP', version: 20_001 }])
    expect(await parked()).toEqual([])
  })
})
