import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkpointTableOf } from '../../infra/views/checkpoint-table.ts'
import { waitSecondsOf } from '../../read-api/consistency.ts'
import type { WaitingClock } from '../../read-api/read-deps.ts'
import { encodeConsistencyToken } from '../../schemas/consistency-token.ts'
import { asking, bodyOf, noSearch, problemOf } from './asking.ts'
import { orderRow, startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() =>
  views.owner.query('TRUNCATE orders, orders_checkpoints, products_checkpoints, sales_checkpoints, stock_checkpoints'),
)

/** A clock whose time passes only while somebody sleeps; `meanwhile` is what happens then. */
const steppedClock = (meanwhile: (now: number) => Promise<void> = async () => {}) => {
  let now = 0
  const pauses: number[] = []
  const clock: WaitingClock = {
    now: () => now,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds)
      now += milliseconds
      await meanwhile(now)
    },
  }
  return { clock, pauses, elapsed: () => now }
}

const token = (streamType: string, streamId: string, version: number) =>
  encodeConsistencyToken({ streamType, streamId, version })

const projected = (projection: string, streamType: string, streamId: string, version: number, tenant = 'acme') =>
  views.insert(checkpointTableOf(projection), [{ tenant, stream_type: streamType, stream_id: streamId, version }])

const listOrders = (clock: WaitingClock, headers: { readonly [name: string]: string }) =>
  asking({ ...views.reads, clock })('listOrders', { headers })

describe('a read with a consistency token', () => {
  test('does not wait when the view holds the write', async () => {
    await projected('orders', 'order', '1', 3)
    const { clock, elapsed } = steppedClock()
    for (const version of [1, 3]) {
      const answer = await listOrders(clock, { 'consistency-token': token('order', '1', version) })
      expect(bodyOf(answer)).toEqual({ items: [], nextCursor: null })
    }
    expect(elapsed()).toBe(0)
  })

  test('waits until the write is projected, then shows it', async () => {
    const { clock, elapsed } = steppedClock(async (now) => {
      if (now < 700) return
      await views.insert('orders', [orderRow({ order_id: '1' })])
      await projected('orders', 'order', '1', 1)
    })
    const answer = await listOrders(clock, { 'consistency-token': token('order', '1', 1) })
    expect(bodyOf(answer)).toMatchObject({ items: [{ id: '1' }] })
    expect(elapsed()).toBeLessThan(2_000)
  })

  test('asks often at first and never more seldom than every 100 ms', async () => {
    const { clock, pauses } = steppedClock()
    await listOrders(clock, { 'consistency-token': token('order', '1', 1) })
    expect(pauses.slice(0, 7)).toEqual([5, 10, 20, 40, 80, 100, 100])
    expect(Math.max(...pauses)).toBe(100)
  })

  test.each([
    [undefined, 2_000],
    ['wait=5', 5_000],
    ['respond-async, wait=1', 1_000],
    ['wait=600', 30_000],
    ['wait=0', 0],
  ])('with Prefer %s gives up after %d ms: 503, come back in a second', async (prefer, milliseconds) => {
    await projected('orders', 'order', '1', 2)
    const { clock, elapsed } = steppedClock()
    const headers = { 'consistency-token': token('order', '1', 3), ...(prefer !== undefined && { prefer }) }
    expect(problemOf(await listOrders(clock, headers))).toMatchObject({
      status: 503,
      code: 'read_model_behind',
      headers: { 'Retry-After': '1' },
    })
    expect(elapsed()).toBe(milliseconds)
  })

  test('waits for its own stream: neither another one, nor another tenant, nor another view will do', async () => {
    await projected('orders', 'order', '2', 9)
    await projected('orders', 'order', '1', 9, 'umbrella')
    await projected('sales', 'order', '1', 9)
    const headers = { 'consistency-token': token('order', '1', 1), prefer: 'wait=0' }
    expect(problemOf(await listOrders(steppedClock().clock, headers))).toMatchObject({ code: 'read_model_behind' })
  })

  test('of a stream that the view is not made of does not wait', async () => {
    const { clock, elapsed } = steppedClock()
    const answer = await listOrders(clock, { 'consistency-token': token('product', '1', 1) })
    expect(bodyOf(answer)).toEqual({ items: [], nextCursor: null })
    expect(elapsed()).toBe(0)
  })

  test('that is none is refused', async () => {
    for (const garbage of ['', 'garbage', token('order', '1', 0), Buffer.from('[1]').toString('base64url')]) {
      const answer = await listOrders(steppedClock().clock, { 'consistency-token': garbage })
      expect(problemOf(answer)).toMatchObject({ status: 400, code: 'invalid_consistency_token' })
    }
  })

  test.each([
    ['getSalesReport', { query: { groupBy: 'day' } }, 'sales', 'order'],
    ['getSalesReport', { query: { groupBy: 'day' } }, 'sales', 'credit-note'],
    ['getSalesReport', { query: { groupBy: 'day' } }, 'sales', 'adjustment'],
    ['getOrder', { params: { id: '1' } }, 'orders', 'order'],
    ['listProducts', {}, 'products', 'product'],
    ['listProducts', {}, 'stock', 'stock'],
    ['getProduct', { params: { sku: '1' } }, 'products', 'product'],
    ['getProduct', { params: { sku: '1' } }, 'stock', 'stock'],
  ])('%s %j waits for %s of a %s', async (operationId, request, projection, streamType) => {
    const ask = () =>
      asking({ ...views.reads, clock: steppedClock().clock })(operationId, {
        ...request,
        headers: { 'consistency-token': token(streamType, '1', 1) },
      })
    expect(problemOf(await ask())).toMatchObject({ code: 'read_model_behind' })
    await projected(projection, streamType, '1', 1)
    expect(await ask()).not.toMatchObject({ left: { code: 'read_model_behind' } })
  })
})

describe('a search with a consistency token', () => {
  const searching = (version: number, calls: string[]) =>
    asking({
      clock: steppedClock().clock,
      search: {
        ...noSearch,
        read: async (keys) => {
          calls.push(`read ${keys.map(({ tenant, sku }) => `${tenant}/${sku}`)}`)
          return version === 0 ? [] : [{ tenant: 'acme', sku: '85123A', version, document: null }]
        },
        refresh: async () => {
          calls.push('refresh')
        },
        suggest: async () => {
          calls.push('suggest')
          return []
        },
      },
    })('suggestProducts', {
      query: { q: 'heart' },
      headers: { 'consistency-token': token('product', '85123A', 2), prefer: 'wait=0' },
    })

  test('refreshes the index once it holds the product, then searches', async () => {
    const calls: string[] = []
    expect(bodyOf(await searching(2, calls))).toEqual({ items: [] })
    expect(calls).toEqual(['read acme/85123A', 'refresh', 'suggest'])
  })

  test.each([0, 1])('is behind while the index holds version %d of 2', async (version) => {
    const calls: string[] = []
    expect(problemOf(await searching(version, calls))).toMatchObject({ status: 503, code: 'read_model_behind' })
    expect(calls).not.toContain('suggest')
  })
})

describe('the seconds to wait', () => {
  test.each([
    [undefined, 2],
    ['', 2],
    ['wait=7', 7],
    ['WAIT = 7', 7],
    ['wait="7"', 7],
    ['return=minimal, wait=7; foo=bar', 7],
    ['wait=-1', 2],
    ['wait=1.5', 2],
    ['wait=soon', 2],
    ['await=7', 2],
  ])('of Prefer: %s are %d', (prefer, seconds) => {
    expect(waitSecondsOf(prefer)).toBe(seconds)
  })

  test('are 0 to 30, whatever was sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map((n) => `wait=${n}`),
        ),
        (prefer) => {
          const seconds = waitSecondsOf(prefer)
          expect(seconds >= 0 && seconds <= 30).toBe(true)
        },
      ),
    )
  })
})
