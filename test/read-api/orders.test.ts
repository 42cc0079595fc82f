import fc from 'fast-check'
import * as t from 'io-ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asking, bodyAs, bodyOf, problemOf } from './asking.ts'
import { orderRow, startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(async () => {
  await views.owner.query('TRUNCATE orders, order_lines')
})

const ask = (...args: Parameters<ReturnType<typeof asking>>) => asking(views.reads)(...args)

const PageOfIds = t.type({ items: t.array(t.type({ id: t.string })), nextCursor: t.union([t.string, t.null]) })

const pageOfIds = async (query: { readonly [name: string]: string }) => {
  const { items, nextCursor } = bodyAs(PageOfIds, await ask('listOrders', { query }))
  return { ids: items.map(({ id }) => id), nextCursor }
}

const allIds = async (query: { readonly [name: string]: string }, betweenPages = async () => {}) => {
  const found: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof pageOfIds>> = await pageOfIds({
      ...query,
      ...(cursor !== null && { cursor }),
    })
    found.push(...page.ids)
    cursor = page.nextCursor
    await betweenPages()
  } while (cursor !== null)
  return found
}

describe('an order', () => {
  test('is answered with its lines in order, exact amounts and its version as ETag', async () => {
    await views.insert('orders', [orderRow({ order_id: '536365', total: '15.300', version: 2, line_count: 2 })])
    const line = { tenant: 'acme', order_id: '536365', description: 'HEART', sku: '85123A', unit_price: '2.550' }
    await views.insert('order_lines', [
      { ...line, line_no: 2, quantity: 1, description: null, unit_price: '0.0010' },
      { ...line, line_no: 1, quantity: 6 },
    ])
    const answer = await ask('getOrder', { params: { id: '536365' } })
    expect(answer).toMatchObject({ right: { status: 200, headers: { ETag: '"2"' } } })
    expect(bodyOf(answer)).toEqual({
      id: '536365',
      orderId: '536365',
      status: 'placed',
      customerId: '17850',
      country: 'United Kingdom',
      currency: 'GBP',
      placedAt: '2010-12-01T08:26:00.000Z',
      lines: [
        {
          sku: '85123A',
          description: 'HEART',
          quantity: 6,
          unitPrice: { amount: '2.55', currency: 'GBP' },
          amount: { amount: '15.3', currency: 'GBP' },
        },
        {
          sku: '85123A',
          description: null,
          quantity: 1,
          unitPrice: { amount: '0.001', currency: 'GBP' },
          amount: { amount: '0.001', currency: 'GBP' },
        },
      ],
      total: { amount: '15.3', currency: 'GBP' },
      cancelledAt: null,
      cancellationReason: null,
      version: 2,
    })
  })

  test('of another tenant is not found', async () => {
    await views.insert('orders', [orderRow({ order_id: '1', tenant: 'umbrella' })])
    expect(problemOf(await ask('getOrder', { params: { id: '1' } }))).toMatchObject({
      status: 404,
      code: 'order_not_found',
    })
    expect(bodyOf(await ask('getOrder', { params: { id: '1' }, tenant: 'umbrella' }))).toMatchObject({ id: '1' })
  })

  test('whose id differs in case is another one', async () => {
    await views.insert('orders', [orderRow({ order_id: 'c1' })])
    expect(problemOf(await ask('getOrder', { params: { id: 'C1' } }))).toMatchObject({ status: 404 })
  })
})

describe('a list of orders', () => {
  test('is newest first, without lines', async () => {
    await views.insert('orders', [
      orderRow({ order_id: 'older', placed_at: '2010-12-01T08:00:00Z' }),
      orderRow({ order_id: 'newer', placed_at: '2010-12-02T08:00:00Z' }),
      orderRow({ order_id: 'theirs', tenant: 'umbrella', placed_at: '2010-12-02T08:00:00Z' }),
    ])
    expect(await pageOfIds({})).toEqual({ ids: ['newer', 'older'], nextCursor: null })
  })

  test('can be of a customer, a status and a period', async () => {
    await views.insert('orders', [
      orderRow({ order_id: 'a', customer_id: '1', placed_at: '2010-12-01T00:00:00Z' }),
      orderRow({ order_id: 'b', customer_id: '1', placed_at: '2010-12-01T23:59:59.999Z', status: 'cancelled' }),
      orderRow({ order_id: 'c', customer_id: null, placed_at: '2010-12-02T00:00:00Z' }),
    ])
    expect((await pageOfIds({ customerId: '1' })).ids).toEqual(['b', 'a'])
    expect((await pageOfIds({ status: 'cancelled' })).ids).toEqual(['b'])
    expect((await pageOfIds({ from: '2010-12-01', to: '2010-12-01' })).ids).toEqual(['b', 'a'])
    expect((await pageOfIds({ from: '2010-12-01T23:59:59.999Z' })).ids).toEqual(['c', 'b'])
    expect((await pageOfIds({ to: '2010-12-01T00:00:00Z' })).ids).toEqual(['a'])
  })

  test('names every fault of its query', async () => {
    const query = { status: 'shipped', limit: '1001', from: 'monday', unknown: 'is ignored' }
    expect(problemOf(await ask('listOrders', { query }))).toMatchObject({
      status: 400,
      code: 'invalid_parameters',
      errors: [
        { pointer: '/query/status', message: 'must be one of placed, cancelled' },
        { pointer: '/query/from', message: 'must be a day, like "2011-06-30", or an RFC 3339 time' },
        { pointer: '/query/limit', message: 'must be a whole number from 1 to 1000' },
      ],
    })
  })

  test('does not take the cursor of another list', async () => {
    await views.insert('orders', [orderRow({ order_id: 'a' }), orderRow({ order_id: 'b' })])
    const { nextCursor } = await pageOfIds({ limit: '1' })
    const query = { limit: '1', cursor: nextCursor ?? '', customerId: '17850' }
    expect(problemOf(await ask('listOrders', { query }))).toMatchObject({ status: 400, code: 'invalid_cursor' })
  })

  test('paged by cursor gives every order once, in order, while newer ones come in', async () => {
    const moments = ['2010-12-01T08:00:00.000Z', '2010-12-01T08:00:00.001Z', '2010-12-02T00:00:00.000Z']
    const order = fc.record({ id: fc.stringMatching(/^[A-Za-z0-9]{1,3}$/), at: fc.constantFrom(...moments) })
    const orders = fc.uniqueArray(order, { selector: ({ id }) => id, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(orders, fc.integer({ min: 1, max: 7 }), async (existing, limit) => {
        await views.owner.query('TRUNCATE orders')
        await views.insert(
          'orders',
          existing.map(({ id, at }) => orderRow({ order_id: id, placed_at: at })),
        )
        let newer = 0
        const ids = await allIds({ limit: String(limit) }, async () => {
          newer += 1
          await views.insert('orders', [orderRow({ order_id: `new ${newer}`, placed_at: '2010-12-03T00:00:00Z' })])
        })
        const newestFirst = [...existing].sort((a, b) =>
          a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1,
        )
        expect(ids).toEqual(newestFirst.map(({ id }) => id))
      }),
      { numRuns: 25 },
    )
  })
})
