import * as E from 'fp-ts/lib/Either.js'
import { monotonicFactory } from 'ulid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { EventStore, StoredEvent, StreamName } from '../../infra/event-store/port.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { mergeChanges } from '../../projections/merge.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { orders } from '../../projections/views/orders.ts'
import { asking, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

const sale = {
  customerId: '17850',
  country: 'United Kingdom',
  currency: 'GBP',
  placedAt: '2010-12-01T08:26:00.000Z',
  lines: [
    { sku: '85123A', description: 'HEART', quantity: 6, unitPrice: '2.55' },
    { sku: '71053', description: null, quantity: 2, unitPrice: '0.001' },
  ],
  total: '15.302',
}
const placed: StoredEvent = { type: 'OrderPlaced', schemaVersion: 1, data: { orderId: '536365', ...sale } }
const cancelled: StoredEvent = {
  type: 'OrderCancelled',
  schemaVersion: 1,
  data: { orderId: '536365', reason: 'wrong goods', cancelledAt: '2010-12-02T09:00:00.000Z', ...sale },
}

const stream: StreamName = { tenant: 'acme', type: 'order', id: '536365' }
const commitTimes = ['2011-01-01T10:00:00.000Z', '2011-01-01T11:00:00.000Z']

/** A store whose commits were made at `commitTimes`, one after the other. */
const storeOf = async (...commits: ReadonlyArray<ReadonlyArray<StoredEvent>>) => {
  const times = commitTimes.map((time) => new Date(time))
  const store = memoryEventStore({ clock: () => times.shift() ?? new Date(0), ulid: monotonicFactory() })
  let position = store.emptyStream(stream)
  for (const [index, events] of commits.entries()) {
    const provenance = {
      actor: { subject: 'anna', roles: ['sales'] },
      correlationId: `c${index + 1}`,
      causationId: null,
    }
    const appended = await store.append(position, { ...provenance, commandId: `k${index}`, fingerprint: 'f', events })
    if (E.isLeft(appended)) throw new Error(appended.left._tag)
    position = appended.right.position
  }
  return store
}

const asOf = (events: EventStore, moment: string, tenant = 'acme') =>
  asking({ events })('getOrder', { tenant, params: { id: '536365' }, query: { asOf: moment } })

describe('an order as it was', () => {
  test('at a version shows the events up to it, and no later one', async () => {
    const store = await storeOf([placed], [cancelled])
    expect(bodyOf(await asOf(store, '1'))).toMatchObject({ status: 'placed', version: 1, cancelledAt: null })
    expect(await asOf(store, '2')).toMatchObject({
      right: {
        headers: { ETag: '"2"' },
        body: { status: 'cancelled', cancelledAt: '2010-12-02T09:00:00.000Z', cancellationReason: 'wrong goods' },
      },
    })
  })

  test('at a version inside a commit shows only the events up to it', async () => {
    const store = await storeOf([placed, cancelled])
    expect(bodyOf(await asOf(store, '1'))).toMatchObject({ status: 'placed', version: 1 })
  })

  test('at a time shows what was committed by then, that moment included', async () => {
    const store = await storeOf([placed], [cancelled])
    expect(bodyOf(await asOf(store, '2011-01-01T10:00:00Z'))).toMatchObject({ version: 1 })
    expect(bodyOf(await asOf(store, '2011-01-01T10:59:59.999Z'))).toMatchObject({ version: 1 })
    expect(bodyOf(await asOf(store, '2011-01-01T12:00:00+01:00'))).toMatchObject({ version: 2 })
  })

  test('ahead of the last event is the order as it is', async () => {
    const store = await storeOf([placed])
    expect(bodyOf(await asOf(store, '99'))).toMatchObject({ version: 1 })
    expect(bodyOf(await asOf(store, '2099-01-01T00:00:00Z'))).toMatchObject({ version: 1 })
  })

  test('before its first event is not found', async () => {
    const store = await storeOf([placed])
    for (const moment of ['0', '2011-01-01T09:59:59.999Z']) {
      expect(problemOf(await asOf(store, moment))).toMatchObject({ status: 404, code: 'order_not_found' })
    }
  })

  test('is not found for another tenant', async () => {
    const store = await storeOf([placed])
    expect(problemOf(await asOf(store, '1', 'umbrella'))).toMatchObject({ status: 404, code: 'order_not_found' })
  })

  test('needs a version or a time', async () => {
    expect(problemOf(await asOf(await storeOf([placed]), 'yesterday'))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/asOf' }],
    })
  })
})

describe('the newest state out of the events', () => {
  let views: Views
  beforeAll(async () => {
    views = await startViews()
  })
  afterAll(() => views.stop())
  beforeEach(() => views.owner.query('TRUNCATE orders, order_lines'))

  test.each([
    { name: 'placed', commits: [[placed]] },
    { name: 'cancelled', commits: [[placed], [cancelled]] },
  ])('is what the view answers: $name', async ({ commits }) => {
    const store = await storeOf(...commits)
    const model = readModel(orders)
    const changes = store.commits().flatMap((commit) => {
      const events = recordedEventsOf(eventCodecs)(commit)
      return E.isRight(events) ? events.right.flatMap(model.changesOf) : []
    })
    for (const change of mergeChanges(changes)) {
      if (change.op === 'put') await views.insert(change.table, [{ ...change.key, ...change.row }])
    }
    const fromView = await asking(views.reads)('getOrder', { params: { id: '536365' } })
    expect(bodyOf(fromView)).toMatchObject({ id: '536365', lines: [{ sku: '85123A' }, { sku: '71053' }] })
    expect(fromView).toEqual(await asOf(store, '99'))
  })
})

describe('the history of an order', () => {
  const history = (events: EventStore, query = {}, tenant = 'acme') =>
    asking({ events })('getOrderHistory', { tenant, params: { id: '536365' }, query })

  test('is its events, oldest first, with who and when, and what they changed', async () => {
    const store = await storeOf([placed], [cancelled])
    const [first, second] = store.commits()
    const order = bodyOf(await asOf(store, '1'))
    expect(bodyOf(await history(store))).toEqual({
      items: [
        {
          version: 1,
          type: 'OrderPlaced',
          schemaVersion: 1,
          data: placed.data,
          time: commitTimes[0],
          commitId: first?.commitId,
          actor: { subject: 'anna', roles: ['sales'], client: null },
          correlationId: 'c1',
          causationId: null,
          changes: [{ pointer: '', from: null, to: order }],
        },
        {
          version: 2,
          type: 'OrderCancelled',
          schemaVersion: 1,
          data: cancelled.data,
          time: commitTimes[1],
          commitId: second?.commitId,
          actor: { subject: 'anna', roles: ['sales'], client: null },
          correlationId: 'c2',
          causationId: null,
          changes: [
            { pointer: '/status', from: 'placed', to: 'cancelled' },
            { pointer: '/cancelledAt', from: null, to: '2010-12-02T09:00:00.000Z' },
            { pointer: '/cancellationReason', from: null, to: 'wrong goods' },
            { pointer: '/version', from: 1, to: 2 },
          ],
        },
      ],
      nextCursor: null,
    })
  })

  test.each([
    { name: 'of one event', commits: [[placed], [cancelled]] },
    { name: 'inside a commit', commits: [[placed, cancelled]] },
  ])('is paged $name at a time', async ({ commits }) => {
    const store = await storeOf(...commits)
    const first = await history(store, { limit: '1' })
    expect(bodyOf(first)).toMatchObject({ items: [{ version: 1 }] })
    expect(bodyOf(await history(store, { limit: '1', cursor: nextCursorOf(first) }))).toMatchObject({
      items: [{ version: 2 }],
      nextCursor: null,
    })
  })

  test('of an order that never was is not found', async () => {
    expect(problemOf(await history(await storeOf()))).toMatchObject({ status: 404, code: 'order_not_found' })
    expect(problemOf(await history(await storeOf([placed]), {}, 'umbrella'))).toMatchObject({ status: 404 })
  })
})
