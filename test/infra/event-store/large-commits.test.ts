import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { GetItemCommand, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { eventsTextOf } from '../../../infra/event-store/hash.ts'
import { objectKeyOf } from '../../../infra/event-store/object-key.ts'
import { pack } from '../../../infra/event-store/packing.ts'
import { CorruptCommit, type EventStore, EventStoreFault, type StreamName } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { type ObjectStorage, ObjectStorageFault } from '../../../infra/objects/port.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { noise } from '../../contracts/noise.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { testStamp } from './stamp.ts'

const client = dynamoDbClient(dynamodbEndpoints().dynoxide)
const table = freshName('events')
beforeAll(() => createTable(client, eventTableDefinition(table)))

const storeOn = (objects?: ObjectStorage): EventStore =>
  dynamoEventStore({ client, table, ...(objects && { objects }), ...testStamp })
const large = draftOf('c1', { text: noise(1_000_000) })

let streams = 0
let stream: StreamName
let objects: ReturnType<typeof memoryObjects>
beforeEach(() => {
  streams += 1
  stream = { tenant: 'acme', type: 'order', id: `order ${streams}` }
  objects = memoryObjects()
})

const appendLarge = async (store: EventStore): Promise<void> => {
  const appended = await store.append(store.emptyStream(stream), large)
  if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
}

type Item = NonNullable<PutItemCommandInput['Item']>

const itemAt = async (version: number): Promise<Item> => {
  const Key = { pk: { S: `acme#order#${stream.id}` }, sk: { N: String(version) } }
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
  if (Item === undefined) throw new Error('there is no such item')
  return Item
}

const overwrite = async (change: Item): Promise<void> => {
  await client.send(new PutItemCommand({ TableName: table, Item: { ...(await itemAt(1)), ...change } }))
}

const readAll = (store: EventStore) => Array.fromAsync(store.read(stream))

const away: ObjectStorage = {
  put: () => Promise.reject(new ObjectStorageFault('the storage is away')),
  get: () => Promise.reject(new ObjectStorageFault('the storage is away')),
}

describe('the item of a large commit', () => {
  test('costs one write unit and says where its events are, and which bytes they must be', async () => {
    await appendLarge(storeOn(objects))
    const item = await itemAt(1)
    const { object, objectSha256, objectSize } = item
    expect(item).not.toHaveProperty('events')
    const key = objects.keys()[0] ?? ''
    expect(object).toEqual({ S: key })
    const stored = await objects.get(key, 10_000_000)
    const bytes = E.isRight(stored) ? stored.right : new Uint8Array()
    expect(objectSize).toEqual({ N: String(bytes.byteLength) })
    expect(objectSha256).toEqual({ S: createHash('sha256').update(bytes).digest('hex') })
    expect(JSON.stringify(item).length).toBeLessThan(1024)
  })

  test('keeps its events as long as they fit packed, and no object is written', async () => {
    const store = storeOn(objects)
    const compressible = draftOf('c1', { text: 'ten pieces of glass '.repeat(50_000) }, { text: noise(400_000) })
    expect(E.isRight(await store.append(store.emptyStream(stream), compressible))).toBe(true)
    expect(objects.keys()).toEqual([])
    expect((await itemAt(1))['events']?.B?.byteLength).toBeGreaterThan(200 * 1024)
  })

  test('keeps up to 350 KiB of packed events, and leaves more to object storage', async () => {
    const kept = await Promise.all(
      [530_000, 540_000, 550_000, 560_000, 570_000].map(async (length) => {
        const [storage, draft] = [memoryObjects(), draftOf('c1', noise(length))]
        const store = storeOn(storage)
        await store.append(store.emptyStream({ ...stream, id: `of ${length}` }), draft)
        const fits = pack(eventsTextOf(draft.events)).byteLength <= 350 * 1024
        expect(storage.keys()).toHaveLength(fits ? 0 : 1)
        return fits
      }),
    )
    expect(new Set(kept).size).toBe(2)
  })
})

describe('the object of a large commit', () => {
  test('is written before the item: while object storage is away nothing is appended', async () => {
    const store = storeOn(away)
    await expect(store.append(store.emptyStream(stream), large)).rejects.toThrow(EventStoreFault)
    expect(await readAll(store)).toEqual([])
    const small = await store.append(store.emptyStream(stream), draftOf('c1', 'small'))
    expect(E.isRight(small)).toBe(true)
  })

  test('is written before the commit gets its time, so that a slow upload makes no commit late', async () => {
    const order: string[] = []
    const storage: ObjectStorage = { ...objects, put: async (...object) => void order.push('object', object[0]) }
    const clock = () => {
      order.push('time')
      return new Date()
    }
    const store = dynamoEventStore({ client, table, objects: storage, ...testStamp, clock })
    await store.append(store.emptyStream(stream), large)
    expect(order.slice(0, 3)).toEqual(['object', expect.any(String), 'time'])
  })

  test('is written again by a retry, to the same key, and the retry learns its own commit', async () => {
    const store = storeOn(objects)
    await appendLarge(store)
    const retried = await store.append(store.emptyStream(stream), large)
    expect(retried).toMatchObject(E.left({ _tag: 'Conflict', winner: { commit: { commandId: 'c1' } } }))
    expect(objects.keys()).toHaveLength(1)
  })

  test('that a lost race left behind is nobody’s: both streams of events can still be read', async () => {
    const store = storeOn(objects)
    await appendLarge(store)
    await store.append(store.emptyStream(stream), draftOf('c2', { text: noise(1_000_000, 5) }))
    expect(objects.keys()).toHaveLength(2)
    expect(await readAll(store)).toHaveLength(1)
  })

  test('has a key of its tenant and stream, whatever characters these have', () => {
    const hash = 'a'.repeat(64)
    expect(objectKeyOf({ tenant: 'acme', type: 'order', id: '536365' }, hash)).toBe(`acme/order/536365/${hash}.json.gz`)
    for (const id of ['..', '../../other', 'a b', '.hidden', 'ä', 'x'.repeat(1900)]) {
      expect(objectKeyOf({ tenant: 'acme', type: 'order', id }, hash)).toMatch(
        /^acme\/order\/~[0-9a-f]{64}\/a{64}\.json\.gz$/,
      )
    }
  })

  test('is awaited, not given up, by readers and by losers of a race while storage is away', async () => {
    await appendLarge(storeOn(objects))
    const store = storeOn({ ...objects, get: away.get })
    await expect(readAll(store)).rejects.toThrow(EventStoreFault)
    await expect(readAll(store)).rejects.toThrow('the storage is away')
    await expect(store.append(store.emptyStream(stream), draftOf('c2', 1))).rejects.toThrow(EventStoreFault)
  })

  test('cannot be had by a store that was set up without object storage: a fault, not a corrupt commit', async () => {
    await appendLarge(storeOn(objects))
    await expect(readAll(storeOn())).rejects.toThrow(EventStoreFault)
  })
})

describe('a large commit is corrupt, and names stream and version,', () => {
  const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024, ' '))
  const alterations: ReadonlyArray<readonly [string, () => Promise<unknown>, RegExp]> = [
    ['when its object is missing', async () => loseObjects(), /is missing/],
    [
      'when its object was altered',
      async () => alterObject((bytes) => bytes.with(5_000, 255 - (bytes[5_000] ?? 0))),
      /SHA-256/,
    ],
    ['when its object was cut off', async () => alterObject((bytes) => bytes.slice(0, -1)), /instead of/],
    ['when its object has grown', async () => alterObject((bytes) => Buffer.concat([bytes, bytes])), /instead of/],
    ['when its pointer names other bytes', () => overwrite({ objectSha256: { S: '0'.repeat(64) } }), /not its own/],
    [
      'when its pointer names an object elsewhere',
      () => overwrite({ object: { S: 'other/order/1/x' } }),
      /not its own/,
    ],
    ['when its pointer names another size', () => overwrite({ objectSize: { N: '12' } }), /instead of 12/],
    ['when its pointer names an absurd size', () => overwrite({ objectSize: { N: '1e15' } }), /cannot have/],
    [
      'when its pointer is no pointer',
      () => overwrite({ object: { N: '1' } }),
      /its object is missing or of another type/,
    ],
    ['when its hash was altered', () => overwrite({ hash: { S: '0'.repeat(64) } }), /its hash does not match/],
    ['when its object is replaced by another whole one', () => replaceObject(gzipSync('[]')), /it has no events/],
    ['when its object is a zip bomb', () => replaceObject(bomb), /unpack to more than 8388608 bytes/],
    ['when its object is no gzip', () => replaceObject(Buffer.from('[]')), /its events cannot be read/],
  ]

  const loseObjects = (): void => {
    objects = memoryObjects()
  }

  const alterObject = async (change: (bytes: Uint8Array) => Uint8Array): Promise<void> => {
    const key = objects.keys()[0] ?? ''
    const stored = await objects.get(key, 10_000_000)
    await objects.put(key, change(E.isRight(stored) ? stored.right : new Uint8Array()))
  }

  /** By somebody who can write both, and makes pointer and object fit each other. */
  const replaceObject = async (bytes: Uint8Array): Promise<void> => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const key = objectKeyOf(stream, sha256)
    await objects.put(key, bytes)
    await overwrite({ object: { S: key }, objectSha256: { S: sha256 }, objectSize: { N: String(bytes.byteLength) } })
  }

  test.each(alterations)('%s', async (_, alter, reason) => {
    await appendLarge(storeOn(objects))
    await alter()
    const store = storeOn(objects)
    const reading = readAll(store)
    await expect(reading).rejects.toThrow(CorruptCommit)
    await expect(reading).rejects.toThrow(`acme/order/${stream.id}@1`)
    await expect(reading).rejects.toThrow(reason)
    await expect(store.append(store.emptyStream(stream), draftOf('c2', 1))).rejects.toThrow(CorruptCommit)
  })

  test('and so is an item whose packed events are a zip bomb', async () => {
    const store = storeOn(objects)
    await store.append(store.emptyStream(stream), draftOf('c1', noise(5_000)))
    await overwrite({ events: { B: bomb } })
    await expect(readAll(store)).rejects.toThrow(/unpack to more than 8388608 bytes/)
  })
})
