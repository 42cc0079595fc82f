import { afterAll, beforeAll, expect, test } from 'vitest'
import { asking, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
  await views.insert('stock_levels', [
    { tenant: 'acme', sku: 'b', version: 7, on_hand: -12 },
    { tenant: 'acme', sku: 'C', version: 1, on_hand: 5 },
    { tenant: 'acme', sku: 'a', version: 2, on_hand: 0 },
    { tenant: 'umbrella', sku: 'd', version: 1, on_hand: 500 },
  ])
})
afterAll(() => views.stop())

const ask = (...args: Parameters<ReturnType<typeof asking>>) => asking(views.reads)(...args)

test('the stock of a SKU is answered with its version as ETag, also below zero', async () => {
  const answer = await ask('getStock', { params: { sku: 'b' } })
  expect(answer).toMatchObject({ right: { headers: { ETag: '"7"' } } })
  expect(bodyOf(answer)).toEqual({ sku: 'b', onHand: -12, version: 7 })
})

test('the stock of a SKU that was never adjusted, or of another tenant, is not found', async () => {
  for (const sku of ['d', 'B']) {
    expect(problemOf(await ask('getStock', { params: { sku } }))).toMatchObject({
      status: 404,
      code: 'stock_not_found',
    })
  }
})

test('stock is listed by SKU, capitals first, and paged by cursor', async () => {
  const first = await ask('listStock', { query: { limit: '2' } })
  expect(bodyOf(first)).toMatchObject({
    items: [
      { sku: 'C', onHand: 5 },
      { sku: 'a', onHand: 0 },
    ],
  })
  const rest = await ask('listStock', { query: { limit: '2', cursor: nextCursorOf(first) } })
  expect(bodyOf(rest)).toEqual({ items: [{ sku: 'b', onHand: -12, version: 7 }], nextCursor: null })
})
