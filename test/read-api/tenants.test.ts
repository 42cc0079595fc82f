import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsReader } from '../../read-api/read-deps.ts'
import { asking, bodyOf, problemOf } from './asking.ts'
import { orderRow, productRow, salesRow, startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
  const theirs = { tenant: 'umbrella' }
  const line = { line_no: 1, sku: 'A', description: null, quantity: 1, unit_price: '1' }
  await views.insert('orders', [orderRow({ order_id: 'ours' }), orderRow({ order_id: 'theirs', ...theirs })])
  await views.insert('order_lines', [{ ...theirs, ...line, order_id: 'ours' }])
  await views.insert('products', [productRow({ sku: 'ours' }), productRow({ sku: 'theirs', ...theirs })])
  await views.insert('stock_levels', [{ ...theirs, sku: 'ours', version: 1, on_hand: 7 }])
  await views.insert('sales', [
    salesRow({ gross: '5' }),
    salesRow({ gross: '6', ...theirs }),
    salesRow({ currency: 'EUR', ...theirs }),
  ])
  const day = '2011-01-04'
  const customer = { currency: 'GBP', customer_id: '17850', day, orders: 1, net: '5' }
  await views.insert('customer_days', [
    { tenant: 'acme', ...customer },
    { ...customer, ...theirs, day: '2011-01-05' },
    { ...customer, ...theirs, currency: 'EUR' },
  ])
  await views.insert('customer_months', [
    { tenant: 'acme', customer_id: '17850', month: '2011-01-01', orders: 1 },
    { ...theirs, customer_id: '17850', month: '2010-12-01', orders: 1 },
  ])
  await views.insert('product_days', [
    { tenant: 'acme', sku: 'A', day, sold: 1, cancelled: 0, credited: 0, adjusted_in: 2, adjusted_out: 0 },
    { ...theirs, sku: 'A', day, sold: 10, cancelled: 0, credited: 0, adjusted_in: 20, adjusted_out: 0 },
  ])
  await views.insert('order_funnel', [
    { tenant: 'acme', day, placed: 1, cancelled: 0, invoiced: 0, credited: 0 },
    { ...theirs, day, placed: 10, cancelled: 0, invoiced: 0, credited: 0 },
  ])
  await views.insert('baskets', [
    { tenant: 'acme', order_id: '1', sku: 'A' },
    { tenant: 'acme', order_id: '1', sku: 'B' },
    { ...theirs, order_id: '1', sku: 'C' },
    { ...theirs, order_id: '2', sku: 'A' },
    { ...theirs, order_id: '2', sku: 'B' },
  ])
})
afterAll(() => views.stop())

/** The tables' owner is not bound by row-level security: what keeps tenants apart here is each query's own condition. */
const asOwner: AsReader = async (_tenant, work) => {
  const client = await views.owner.connect()
  try {
    return await work(client)
  } finally {
    client.release()
  }
}

const ask = (...args: Parameters<ReturnType<typeof asking>>) =>
  asking({ asReader: asOwner, readsOf: () => views.owner })(...args)

describe('without row-level security', () => {
  test('an order and its lines are still of the tenant alone', async () => {
    expect(problemOf(await ask('getOrder', { params: { id: 'theirs' } }))).toMatchObject({ code: 'order_not_found' })
    expect(bodyOf(await ask('getOrder', { params: { id: 'ours' } }))).toMatchObject({ lines: [] })
  })

  test('a product and its stock are still of the tenant alone', async () => {
    expect(problemOf(await ask('getProduct', { params: { sku: 'theirs' } }))).toMatchObject({
      code: 'product_not_found',
    })
    expect(bodyOf(await ask('getProduct', { params: { sku: 'ours' } }))).toMatchObject({ onHand: 0 })
  })

  test('lists are still of the tenant alone', async () => {
    expect(bodyOf(await ask('listOrders'))).toMatchObject({ items: [{ id: 'ours' }] })
    expect(bodyOf(await ask('listProducts'))).toMatchObject({ items: [{ id: 'ours' }] })
  })

  test('a report, its total and its currency are still of the tenant alone', async () => {
    const five = { amount: '5', currency: 'GBP' }
    expect(bodyOf(await ask('getSalesReport', { query: { groupBy: 'day' } }))).toMatchObject({
      rows: [{ invoices: 1, gross: five }],
      total: { invoices: 1, gross: five },
    })
  })

  test('stock is still of the tenant alone', async () => {
    expect(problemOf(await ask('getStock', { params: { sku: 'ours' } }))).toMatchObject({ code: 'stock_not_found' })
    expect(bodyOf(await ask('listStock'))).toEqual({ items: [], nextCursor: null })
  })

  test('reports on customers and cohorts are still of the tenant alone', async () => {
    expect(bodyOf(await ask('getCustomerReport'))).toMatchObject({ rows: [{ lastOrder: '2011-01-04', orders: 1 }] })
    expect(bodyOf(await ask('getCohorts'))).toMatchObject({ rows: [{ cohort: '2011-01', size: 1 }] })
  })

  test('reports on products and orders are still of the tenant alone', async () => {
    const one = { sold: 1, onHand: 2 }
    expect(bodyOf(await ask('getProductMovement', { params: { sku: 'A' } }))).toMatchObject({ rows: [one], total: one })
    expect(bodyOf(await ask('getOrderFunnel'))).toMatchObject({ rows: [{ placed: 1 }], total: { placed: 1 } })
  })

  test('baskets are still of the tenant alone', async () => {
    expect(bodyOf(await ask('getBoughtTogether', { query: { sku: 'A' } }))).toMatchObject({
      baskets: 1,
      withSku: 1,
      items: [{ sku: 'B', together: 1, withOther: 1 }],
    })
  })
})
