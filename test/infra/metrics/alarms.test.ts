import { describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import { EventStoreFault } from '../../../infra/event-store/port.ts'
import type { TransactionalEventStore } from '../../../infra/event-store/transaction-port.ts'
import { businessFigures } from '../../../infra/metrics/business.ts'
import { emfMetrics } from '../../../infra/metrics/emf.ts'
import { measuredEventStore } from '../../../infra/metrics/measured-event-store.ts'
import { measuredReads } from '../../../infra/metrics/measured-reads.ts'
import { measuredParking, projectionMeasures } from '../../../infra/metrics/projection-measures.ts'
import { observedSearch } from '../../../infra/search/observed.ts'
import { InvalidCursor, type ProductSearch } from '../../../infra/search/port.ts'
import { memoryViewStore } from '../../../infra/views/memory.ts'
import type { ViewStore } from '../../../infra/views/port.ts'
import { commandApi } from '../../commands/api.ts'
import { orderPlaced, orderStream, unknownEvent, writableStore } from '../../projections/commits.ts'
import { projectorOf } from '../../projections/projector-under-test.ts'
import { eventOf } from '../../projections/stream-records.ts'
import { testStamp } from '../event-store/stamp.ts'
import { publishedBy, valuesOf } from './emf-lines.ts'

const measuring = () => {
  const lines: string[] = []
  const metrics = emfMetrics({ write: (line) => lines.push(line), namespace: 'Daybook/dev', clock: Date.now })
  /** All that CloudWatch got of a metric under these dimensions since the beginning. */
  const got = (name: string, dimensions: { readonly [dimension: string]: string } = {}): number => {
    metrics.flush()
    return valuesOf(publishedBy(lines), name, dimensions).reduce((sum, value) => sum + value, 0)
  }
  return { metrics, got }
}

const GBP = { currency: 'GBP' }
const order = (orderId: string) => ({
  orderId,
  customerId: 'c',
  ...GBP,
  lines: [{ sku: '85123A', quantity: 6, unitPrice: { amount: '2.55', ...GBP } }],
})

/** The command API as it is measured, on a memory store with what a test puts in its place. */
const api = (instead: Partial<TransactionalEventStore> = {}) => {
  const { metrics, got } = measuring()
  const plain = { ...memoryEventStore(testStamp), ...instead }
  const now = () => performance.now()
  const store = measuredEventStore(plain, { metrics, now, appended: businessFigures(metrics) })
  const { post } = commandApi(store, metrics)
  return {
    post: async (...request: Parameters<typeof post>): Promise<number> => (await post(...request)).status,
    got,
    store,
  }
}

describe('what alarms watch, when the event store is away', () => {
  const fault = new EventStoreFault('appending failed: no answer', 'unavailable')

  test('commands are faults, requests are answered 5xx, and the store is the dependency at fault', async () => {
    const { post, got } = api({ append: () => Promise.reject(fault) })
    expect(await post('/v1/orders', order('o1'))).toBe(503)
    expect(got('Requests', { StatusClass: '5xx' })).toBe(1)
    expect(got('Requests')).toBe(1)
    expect(got('Commands', { Outcome: 'fault' })).toBe(1)
    expect(got('DependencyFaults', { Dependency: 'event-store' })).toBe(1)
    expect(got('DependencyFaults')).toBe(1)
    expect(got('OrdersPlaced')).toBe(0)
  })

  test('so it is when it cannot be read', async () => {
    const { post, got } = api({ tail: () => Promise.reject(fault) })
    expect(await post('/v1/orders/o1/cancellation', { reason: 'late' })).toBe(503)
    expect(got('DependencyFaults', { Dependency: 'event-store' })).toBe(1)
    expect(got('Commands', { Command: 'cancelOrder', Outcome: 'fault' })).toBe(1)
  })
})

describe('commands, when all is well', () => {
  test('are counted by what became of them, and what they mean to the business once', async () => {
    const { post, got } = api()
    const key = { 'Idempotency-Key': 'k1' }
    expect(await post('/v1/orders', order('o1'), key)).toBe(201)
    expect(await post('/v1/orders', order('o1'), key)).toBe(201)
    expect(await post('/v1/orders', order('o1'))).toBe(409)
    expect(await post('/v1/orders/o1/cancellation', { reason: 'late' }, { 'If-Match': '"7"' })).toBe(412)
    expect(await post('/v1/orders/o1/cancellation', { reason: 'late' })).toBe(200)
    expect(await post('/v1/orders', { orderId: 'o2' })).toBe(422)
    const commands = (Outcome: string) => got('Commands', { Command: 'placeOrder', Outcome })
    expect([commands('executed'), commands('replayed'), commands('rejected')]).toEqual([1, 1, 1])
    expect(got('Commands', { Command: 'cancelOrder', Outcome: 'conflict' })).toBe(1)
    expect(got('Requests', { Operation: 'placeOrder', StatusClass: '4xx' })).toBe(2)
    expect([got('OrdersPlaced'), got('OrdersCancelled', { Currency: 'GBP' })]).toEqual([1, 1])
    expect(got('OrderAmount', { Currency: 'GBP' })).toBeCloseTo(15.3, 9)
  })

  test('that were overtaken are conflicts of the append', async () => {
    const { post, got } = api()
    await post('/v1/orders', order('o1'))
    await post('/v1/orders', order('o1'))
    expect(got('AppendConflicts', { StreamType: 'order' })).toBe(1)
  })
})

describe('projections', () => {
  const projecting = (instead: Partial<ViewStore> = {}) => {
    const { metrics, got } = measuring()
    let hour = 0
    const { events, append } = writableStore(() => {
      hour += 1
      return new Date(Date.UTC(2026, 0, 1, hour))
    })
    const views = measuredParking({ ...memoryViewStore(), ...instead }, metrics)
    const clock = () => Date.UTC(2026, 0, 2)
    return { got, append, project: projectorOf({ views, events, measures: projectionMeasures(metrics, clock) }) }
  }
  const batches = (Outcome: string) => ['ProjectionBatches', { Projection: 'orders', Outcome }] as const

  test('tell of their batches, and how old the oldest commit was', async () => {
    const { got, append, project } = projecting()
    const commits = [
      await append(orderStream('o1'), orderPlaced('o1')),
      await append(orderStream('o2'), orderPlaced('o2')),
    ]
    await project(eventOf(commits))
    expect([got(...batches('applied')), got(...batches('failed'))]).toEqual([1, 0])
    const oldest = Math.min(...commits.map(({ time }) => Date.parse(time)))
    expect(got('ProjectionLag', { Projection: 'orders' })).toBe(Date.UTC(2026, 0, 2) - oldest)
    expect(got('ProjectionBatches', { Projection: 'products', Outcome: 'applied' })).toBe(0)
  })

  test('tell of batches that failed, when the views are away', async () => {
    const { got, append, project } = projecting({ progress: () => Promise.reject(new Error('no connection')) })
    await project(eventOf([await append(orderStream('o1'), orderPlaced('o1'))]))
    expect([got(...batches('applied')), got(...batches('failed'))]).toEqual([0, 1])
    expect(got('ProjectionBatches', { Outcome: 'failed' })).toBeGreaterThan(1)
    expect(got('ProjectionLag', { Projection: 'orders' })).toBe(0)
  })

  test('tell of every stream that they park', async () => {
    const { got, append, project } = projecting()
    await project(eventOf([await append(orderStream('o1'), unknownEvent)]))
    expect(got('StreamsParked', { Projection: 'orders' })).toBe(1)
    expect(got('StreamsParked')).toBeGreaterThan(1)
  })
})

describe('reads of the views, when their engine is away', () => {
  const away = () => Promise.reject(new Error('connect ECONNREFUSED'))

  test('count Postgres as the dependency at fault', async () => {
    const { metrics, got } = measuring()
    const reads = measuredReads({ asReader: away, readsOf: () => ({ query: away }) }, metrics)
    await expect(reads.asReader('acme', away)).rejects.toThrow('ECONNREFUSED')
    await expect(reads.readsOf('acme').query({ name: 'q', text: '', values: [] })).rejects.toThrow('ECONNREFUSED')
    expect(got('DependencyFaults', { Dependency: 'postgres' })).toBe(2)
  })

  test('count the search, but not for a cursor that somebody made up', async () => {
    const { metrics, got } = measuring()
    const unused = async () => {}
    const broken: ProductSearch = {
      engine: 'test',
      prepare: unused,
      refresh: unused,
      close: unused,
      ready: async () => false,
      write: async () => [],
      read: async () => [],
      search: ({ cursor }) => (cursor === undefined ? away() : Promise.reject(new InvalidCursor())),
      suggest: away,
    }
    const search = observedSearch(broken, metrics)
    await expect(search.search({ tenant: 'acme', q: 'a', limit: 1 })).rejects.toThrow('ECONNREFUSED')
    await expect(search.search({ tenant: 'acme', q: 'a', limit: 1, cursor: 'x' })).rejects.toThrow(InvalidCursor)
    await expect(search.suggest('acme', 'a', 1)).rejects.toThrow('ECONNREFUSED')
    expect(got('DependencyFaults', { Dependency: 'search' })).toBe(2)
  })
})
