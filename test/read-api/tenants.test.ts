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
})
