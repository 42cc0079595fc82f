import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asking, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { productRow, startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE products, stock_levels'))

const ask = (...args: Parameters<ReturnType<typeof asking>>) => asking(views.reads)(...args)

describe('a product', () => {
  test('is answered with its stock on hand and its own version as ETag', async () => {
    const images = ['https://images.example/b.jpg', "http://images.example/a%20b.jpg?w=200&h='1'"]
    await views.insert('products', [
      productRow({ sku: '85123A', version: 3, price: '2.5500', category: 'Lights', images: JSON.stringify(images) }),
    ])
    await views.insert('stock_levels', [
      { tenant: 'acme', sku: '85123A', version: 7, on_hand: -12 },
      { tenant: 'umbrella', sku: '85123A', version: 1, on_hand: 500 },
    ])
    const answer = await ask('getProduct', { params: { sku: '85123A' } })
    expect(answer).toMatchObject({ right: { headers: { ETag: '"3"' } } })
    expect(bodyOf(answer)).toEqual({
      id: '85123A',
      sku: '85123A',
      name: 'WHITE HANGING HEART T-LIGHT HOLDER',
      category: 'Lights',
      price: { amount: '2.55', currency: 'GBP' },
      images,
      status: 'active',
      discontinuationReason: null,
      onHand: -12,
      version: 3,
    })
  })

  test('without any stock adjustment has none on hand', async () => {
    await views.insert('products', [productRow({ sku: '1' })])
    expect(bodyOf(await ask('getProduct', { params: { sku: '1' } }))).toMatchObject({ onHand: 0 })
  })

  test('of another tenant, or spelt in another case, is not found', async () => {
    await views.insert('products', [productRow({ sku: 'a', tenant: 'umbrella' }), productRow({ sku: 'B' })])
    for (const sku of ['a', 'b']) {
      expect(problemOf(await ask('getProduct', { params: { sku } }))).toMatchObject({
        status: 404,
        code: 'product_not_found',
      })
    }
  })
})

describe('a list of products', () => {
  beforeEach(async () => {
    await views.insert('products', [
      productRow({ sku: 'b', category: 'Lights', images: '["https://images.example/b.jpg"]' }),
      productRow({ sku: 'a', category: 'Lights', status: 'discontinued', discontinuation_reason: 'sold out' }),
      productRow({ sku: 'C' }),
      productRow({ sku: 'd', tenant: 'umbrella' }),
    ])
  })

  test('is by SKU, capitals first, with stock', async () => {
    await views.insert('stock_levels', [{ tenant: 'acme', sku: 'b', version: 1, on_hand: 5 }])
    expect(bodyOf(await ask('listProducts'))).toMatchObject({
      items: [
        { sku: 'C', onHand: 0, images: [] },
        { sku: 'a', onHand: 0, discontinuationReason: 'sold out' },
        { sku: 'b', onHand: 5, images: ['https://images.example/b.jpg'] },
      ],
      nextCursor: null,
    })
  })

  test('can be of a category and a status', async () => {
    const query = { category: 'Lights', status: 'active' }
    expect(bodyOf(await ask('listProducts', { query }))).toMatchObject({ items: [{ sku: 'b' }] })
    expect(bodyOf(await ask('listProducts', { query: { category: 'Toys' } }))).toEqual({ items: [], nextCursor: null })
  })

  test('is paged by cursor, also when a product comes in before it', async () => {
    const first = await ask('listProducts', { query: { limit: '2' } })
    expect(bodyOf(first)).toMatchObject({ items: [{ sku: 'C' }, { sku: 'a' }] })
    await views.insert('products', [productRow({ sku: 'B' })])
    const query = { limit: '2', cursor: nextCursorOf(first) }
    expect(bodyOf(await ask('listProducts', { query }))).toMatchObject({
      items: [{ sku: 'b' }],
      nextCursor: null,
    })
  })
})
