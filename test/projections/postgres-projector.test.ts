import type { DynamoDBRecord } from 'aws-lambda'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Commit, EventStore } from '../../infra/event-store/port.ts'
import { CorruptCommit, EventStoreFault } from '../../infra/event-store/port.ts'
import { type MemoryViewStore, memoryViewStore } from '../../infra/views/memory.ts'
import { RejectedChanges, type ViewStore } from '../../infra/views/port.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { orders } from '../../projections/views/orders.ts'
import { products } from '../../projections/views/products.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { orderCancelled, orderPlaced, orderStream, unknownEvent, writableStore } from './commits.ts'
import { projectorOf } from './projector-under-test.ts'
import { eventOf, recordOf } from './stream-records.ts'

let views: MemoryViewStore
let store: ReturnType<typeof writableStore>
beforeEach(() => {
  views = memoryViewStore()
  store = writableStore()
})

const nothingFailed = { batchItemFailures: [] }
const orderIds = () => views.rows('orders').map((row) => row['order_id'])
const placed = (id: string): Promise<Commit> => store.append(orderStream(id), orderPlaced(id))
const unread: Pick<EventStore, 'read'> = {
  read: () => {
    throw new Error('the event store was asked, although nothing is missing')
  },
}
const projectOrders = (more: Partial<Parameters<typeof projectorOf>[0]> = {}) =>
  projectorOf({ projections: [readModel(orders)], views, events: store.events, ...more })

describe('what is delivered in order', () => {
  test('is applied without asking the event store, and dropped when it comes again', async () => {
    const commits = [await placed('1'), await placed('2'), await store.append(orderStream('1'), orderCancelled('1'))]
    const handler = projectOrders({ events: unread })
    expect(await handler(eventOf(commits))).toEqual(nothingFailed)
    expect(await handler(eventOf(commits))).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([
      { order_id: '1', status: 'cancelled', version: 2, cancellation_reason: 'damaged' },
      { order_id: '2', status: 'placed', version: 1 },
    ])
  })

  test('is ignored unless it was inserted, and when no projection reads its stream', async () => {
    const record = recordOf(await placed('1'))
    const foreign = recordOf(await store.append({ ...orderStream('1'), type: 'reservation' }, unknownEvent))
    const ignored: ReadonlyArray<DynamoDBRecord> = [
      { ...record, eventName: 'MODIFY' },
      { ...record, eventName: 'REMOVE' },
      foreign,
    ]
    expect(await projectOrders({ events: unread })({ Records: [...ignored] })).toEqual(nothingFailed)
    expect(orderIds()).toEqual([])
    expect(await views.parked('orders')).toEqual([])
  })
})

describe('a gap', () => {
  test('is filled from the event store, up to what the feed told of', async () => {
    await placed('1')
    const second = await store.append(orderStream('1'), orderCancelled('1'))
    expect(await projectOrders()(eventOf([second]))).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([{ status: 'cancelled', version: 2 }])
    expect(await views.progress('orders', [orderStream('1')])).toEqual([{ checkpoint: 2, parked: false }])
  })

  test('is filled for a record whose image is damaged or missing, as the event store has its own copy', async () => {
    const damaged = recordOf(await placed('1'), 1)
    const missing = recordOf(await placed('2'), 2)
    const { NewImage: image, ...bare } = { ...missing.dynamodb }
    const Records = [
      { ...damaged, dynamodb: { ...damaged.dynamodb, NewImage: { ...image, hash: { S: 'wrong' } } } },
      { ...missing, dynamodb: bare },
    ]
    expect(await projectOrders()({ Records })).toEqual(nothingFailed)
    expect(orderIds()).toEqual(['1', '2'])
  })

  test('that the event store cannot fill parks the stream', async () => {
    await placed('1')
    const second = await store.append(orderStream('1'), orderCancelled('1'))
    const events: Pick<EventStore, 'read'> = { read: async function* () {} }
    expect(await projectOrders({ events })(eventOf([second]))).toEqual(nothingFailed)
    expect(await views.parked('orders')).toMatchObject([
      { version: 1, error: 'the event store ends at version 0, but the feed told of version 2' },
    ])
  })
})

describe('a stream that can never be applied', () => {
  test('is parked at the event that is unknown, behind what could be applied; other streams go on', async () => {
    const bad = orderStream('bad')
    const commits = [
      await store.append(bad, orderPlaced('bad')),
      await store.append(bad, unknownEvent),
      await store.append(bad, orderCancelled('bad')),
      await placed('good'),
    ]
    expect(await projectOrders()(eventOf(commits))).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([
      { order_id: 'bad', status: 'placed', version: 1 },
      { order_id: 'good', status: 'placed' },
    ])
    const parked = { projection: 'orders', stream: bad, version: 2, attempts: 1 }
    expect(await views.parked('orders')).toMatchObject([parked])
    expect(await views.progress('orders', [bad])).toEqual([{ checkpoint: 1, parked: true }])
  })

  test('names the unknown type or schema in its error', async () => {
    const future = { ...orderPlaced('1'), schemaVersion: 2 }
    const commits = [await store.append(orderStream('1'), future), await store.append(orderStream('2'), unknownEvent)]
    await projectOrders()(eventOf(commits))
    expect((await views.parked('orders')).map(({ error }) => error)).toEqual([
      expect.stringContaining('OrderPlaced of schema 2: /schemaVersion OrderPlaced has schema versions 1 to 1, not 2'),
      expect.stringContaining('OrderTeleported of schema 1: /type OrderTeleported is no OrderEvent'),
    ])
  })

  test('has its later events dropped until it is let go, and then goes on from where it was', async () => {
    const first = await placed('1')
    const second = await store.append(orderStream('1'), orderCancelled('1'))
    await views.park({ projection: 'orders', stream: orderStream('1'), version: 1, error: 'by hand' })
    const handler = projectOrders()
    expect(await handler(eventOf([first, second]))).toEqual(nothingFailed)
    expect(orderIds()).toEqual([])
    await views.unpark('orders', orderStream('1'))
    expect(await handler(eventOf([second]))).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([{ status: 'cancelled', version: 2 }])
  })

  test('is parked only for the projection that cannot take it', async () => {
    const failing = readModel<OrderEvent>({
      ...orders,
      name: 'failing',
      on: {
        ...orders.on,
        OrderPlaced: () => {
          throw new Error('a defect')
        },
      },
    })
    const handler = projectOrders({ projections: [failing, readModel(orders)] })
    expect(await handler(eventOf([await placed('1')]))).toEqual(nothingFailed)
    expect(orderIds()).toEqual(['1'])
    expect(await views.parked('failing')).toMatchObject([{ version: 1, error: 'a defect' }])
    expect(await views.parked('orders')).toEqual([])
  })

  test('is found among many when the view rejects the batch, and is parked at the commit it cannot pass', async () => {
    const rejecting: ViewStore = {
      ...views,
      commit: async (commit) => {
        const refused = commit.changes.some(({ op, key }) => op === 'patch' && key['order_id'] === '5')
        if (refused) throw new RejectedChanges('5 shall not pass')
        return views.commit(commit)
      },
    }
    const ids = ['1', '2', '3', '4', '5', '6', '7']
    const commits = await Promise.all(ids.map(placed))
    const cancellation = await store.append(orderStream('5'), orderCancelled('5'))
    expect(await projectOrders({ views: rejecting })(eventOf([...commits, cancellation]))).toEqual(nothingFailed)
    expect(orderIds()).toEqual(ids)
    expect(await views.parked('orders')).toMatchObject([
      { stream: orderStream('5'), version: 2, error: '5 shall not pass' },
    ])
  })

  test('is parked when the event store finds it corrupt', async () => {
    const stream = orderStream('1')
    const { dynamodb, ...record } = recordOf(await placed('1'))
    const events: Pick<EventStore, 'read'> = {
      // biome-ignore lint/correctness/useYield: it fails before the first commit
      read: async function* () {
        throw new CorruptCommit(stream, 1, 'its hash does not match its content')
      },
    }
    const damaged = { ...record, dynamodb: { ...dynamodb, NewImage: {} } }
    const good = recordOf(await placed('2'), 2)
    expect(await projectOrders({ events })({ Records: [damaged, good] })).toEqual(nothingFailed)
    expect(await views.parked('orders')).toMatchObject([{ stream, version: 1 }])
    expect(orderIds()).toEqual(['2'])
  })
})

describe('when an engine is away', () => {
  test('the batch fails from its first record on, and nobody is parked', async () => {
    const away: ViewStore = { ...views, commit: () => Promise.reject(new Error('connection refused')) }
    const records = eventOf([await placed('1'), await placed('2')])
    expect(await projectOrders({ views: away })(records)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    expect(await views.parked('orders')).toEqual([])
  })

  test('the event store being away fails the batch too', async () => {
    await placed('1')
    const second = await store.append(orderStream('1'), orderCancelled('1'))
    const events: Pick<EventStore, 'read'> = {
      // biome-ignore lint/correctness/useYield: it fails before the first commit
      read: async function* () {
        throw new EventStoreFault('throttled', 'throttled')
      },
    }
    expect(await projectOrders({ events })(eventOf([second]))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    expect(await views.parked('orders')).toEqual([])
  })

  test('the projections that it does not concern go on', async () => {
    const away: ViewStore = {
      ...views,
      commit: (commit) =>
        commit.projection.name === 'products' ? Promise.reject(new Error('gone')) : views.commit(commit),
    }
    const lamp = { sku: 'L', name: 'Lamp', category: null, price: { amount: '1', currency: 'GBP' } }
    const added = await store.append(
      { tenant: 'acme', type: 'product', id: 'L' },
      { type: 'ProductAdded', schemaVersion: 1, data: lamp },
    )
    const handler = projectOrders({ views: away, projections: [readModel(products), readModel(orders)] })
    const failed = await handler(eventOf([added, await placed('1')]))
    expect(failed).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] })
    expect(orderIds()).toEqual(['1'])
  })

  test('losing every race against another projector fails the batch instead of trying for ever', async () => {
    const racing: ViewStore = { ...views, commit: () => Promise.resolve('raced') }
    expect(await projectOrders({ views: racing })(eventOf([await placed('1')]))).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }],
    })
  })
})

describe('a batch that is too much at once', () => {
  /** Takes so many streams at a time; the first such commit loses a race. */
  const takingAtMost = (most: number): ViewStore => {
    let races = 1
    return {
      ...views,
      commit: async (commit) => {
        if (commit.advances.length > most) throw new RejectedChanges('too much')
        races -= 1
        return races === 0 ? 'raced' : views.commit(commit)
      },
    }
  }

  test('is applied in halves, and a half that lost a race is tried again', async () => {
    const commits = [await placed('1'), await placed('2'), await placed('3'), await placed('4')]
    expect(await projectOrders({ views: takingAtMost(2) })(eventOf(commits))).toEqual(nothingFailed)
    expect(orderIds().toSorted()).toEqual(['1', '2', '3', '4'])
  })

  test('is applied commit by commit, up to the event that parks its stream', async () => {
    const events = [orderPlaced('1'), orderCancelled('1'), unknownEvent]
    const commits: Commit[] = []
    for (const event of events) commits.push(await store.append(orderStream('1'), event))
    const one: ViewStore = {
      ...views,
      commit: async (commit) => {
        if (commit.advances.some(({ from, to }) => to - from > 1)) throw new RejectedChanges('too much')
        return views.commit(commit)
      },
    }
    expect(await projectOrders({ views: one })(eventOf(commits))).toEqual(nothingFailed)
    expect(views.rows('orders')).toMatchObject([{ status: 'cancelled', version: 2 }])
    expect(await views.parked('orders')).toMatchObject([
      { version: 3, error: expect.stringContaining('OrderTeleported') },
    ])
  })
})

test('streams that a projection reads, but for which there is no codec, are told of before the first batch', () => {
  const { order: _, ...others } = eventCodecs
  expect(() => projectOrders({ codecs: others })).toThrow('no codec for the streams of type order that orders reads')
  expect(() => projectOrders({ projections: [readModel(products)], codecs: others })).not.toThrow()
})

test('a record that names no stream is parked, and the others are applied', async () => {
  const nameless: DynamoDBRecord = {
    eventID: 'e17',
    eventName: 'INSERT',
    dynamodb: { Keys: { pk: { S: 'acme' } }, SequenceNumber: '17' },
  }
  const Records = [recordOf(await placed('1'), 16), nameless, recordOf(await placed('2'), 18)]
  expect(await projectOrders()({ Records })).toEqual({ batchItemFailures: [] })
  expect(orderIds()).toEqual(['1', '2'])
  expect(await views.parked('orders')).toMatchObject([
    { stream: { tenant: '?', id: 'e17' }, error: expect.stringContaining('acme') },
  ])
})
