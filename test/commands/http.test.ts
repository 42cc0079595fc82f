import { expect, test } from 'vitest'
import { decodeConsistencyToken } from '../../schemas/consistency-token.ts'
import { commandApi, NOW } from './api.ts'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const lantern = { sku: '71053', name: 'White metal lantern', price: gbp('3.390') }
const order = { orderId: '536365', currency: 'GBP', lines: [{ sku: '71053', quantity: 6, unitPrice: gbp('3.39') }] }

test('a write answers id, version, commit id, consistency token and ETag', async () => {
  const { post } = commandApi()
  const { status, headers, body } = await post('/v1/products', lantern)
  expect(status).toBe(201)
  expect(headers.get('etag')).toBe('"1"')
  expect(body).toMatchObject({ id: '71053', version: 1, commitId: expect.stringMatching(/^[0-9A-Z]{26}$/) })
  expect(decodeConsistencyToken(body.consistencyToken)).toMatchObject({
    right: { streamType: 'product', streamId: '71053', version: 1 },
  })
})

test('a SKU is unique in its tenant alone, and case matters', async () => {
  const { post } = commandApi()
  await post('/v1/products', { ...lantern, sku: '85014B' })
  expect(await post('/v1/products', { ...lantern, sku: '85014B' })).toMatchObject({
    status: 409,
    body: { code: 'sku_taken' },
  })
  expect((await post('/v1/products', { ...lantern, sku: '85014b' })).status).toBe(201)
  const other = { Authorization: 'Bearer other:admin' }
  expect((await post('/v1/products', { ...lantern, sku: '85014B' }, other)).status).toBe(201)
})

test('the same key and body gives the first answer again; another body is refused', async () => {
  const { post, store } = commandApi()
  const key = { 'Idempotency-Key': 'k 1' }
  const first = await post('/v1/orders', { ...order, orderId: undefined }, key)
  const again = await post('/v1/orders', { ...order, orderId: undefined }, key)
  expect(again.status).toBe(201)
  expect(again.body).toEqual(first.body)
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const otherBody = await post('/v1/orders', { ...order, orderId: 'another' }, key)
  expect(otherBody).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  const otherRoute = await post('/v1/products', lantern, key)
  expect(otherRoute).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
  expect(store.commits()).toHaveLength(1)
})

test('a key belongs to its tenant', async () => {
  const { post } = commandApi()
  const key = { 'Idempotency-Key': 'k1' }
  await post('/v1/orders', order, key)
  expect((await post('/v1/products', lantern, { ...key, Authorization: 'Bearer other:admin' })).status).toBe(201)
})

test('a retry is answered from the stream even when the catalogue has changed since', async () => {
  const { post } = commandApi()
  await post('/v1/products', lantern)
  const key = { 'Idempotency-Key': 'k1' }
  const unpriced = { ...order, lines: [{ sku: '71053', quantity: 1 }] }
  const first = await post('/v1/orders', unpriced, key)
  await post('/v1/products/71053/discontinuation', { reason: 'no demand' })
  expect((await post('/v1/orders', unpriced, key)).body).toEqual(first.body)
  expect(await post('/v1/orders', { ...unpriced, orderId: 'x' })).toMatchObject({
    status: 422,
    body: { code: 'invalid_lines' },
  })
})

test('a line without a price takes the catalogue’s, and its description', async () => {
  const { post, store } = commandApi()
  await post('/v1/products', lantern)
  await post('/v1/orders', { currency: 'GBP', lines: [{ sku: '71053', quantity: 2 }] })
  expect(store.commits()[1]?.events[0]?.data).toMatchObject({
    lines: [{ sku: '71053', description: 'White metal lantern', quantity: 2, unitPrice: '3.39' }],
    total: '6.78',
    placedAt: NOW.toISOString(),
  })
})

test('If-Match holds the write to the version that the caller saw', async () => {
  const { post } = commandApi()
  await post('/v1/products', lantern)
  const change = { price: gbp('4') }
  expect(await post('/v1/products/71053/price', change, { 'If-Match': '"7"' })).toMatchObject({
    status: 412,
    body: { code: 'version_mismatch' },
  })
  expect((await post('/v1/products/71053/price', change, { 'If-Match': '"1"' })).body).toMatchObject({ version: 2 })
  expect((await post('/v1/products/71053/price', change, { 'If-Match': 'seven' })).status).toBe(400)
})

test('every fault of a body is named by its place, and nothing is written', async () => {
  const { post, store } = commandApi()
  const { status, headers, body } = await post('/v1/orders', {
    currency: 'XXL',
    country: 7,
    lines: [
      { sku: ' 1', quantity: 0, unitPrice: gbp('-1') },
      { sku: 'ok', quantity: 1.5 },
    ],
  })
  expect(status).toBe(422)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body.code).toBe('invalid_body')
  expect(body.errors.map((fault) => fault.pointer).toSorted()).toEqual([
    '/country',
    '/currency',
    '/lines/0/quantity',
    '/lines/0/sku',
    '/lines/0/unitPrice/amount',
    '/lines/1/quantity',
  ])
  expect(store.commits()).toEqual([])
})

test('an order has 1 to 5,000 lines', async () => {
  const { post } = commandApi()
  const lines = (count: number) => Array.from({ length: count }, () => ({ sku: 'a', quantity: 1, unitPrice: gbp('1') }))
  expect((await post('/v1/orders', { currency: 'GBP', lines: lines(5_000) })).status).toBe(201)
  expect((await post('/v1/orders', { currency: 'GBP', lines: lines(5_001) })).body.errors[0]?.pointer).toBe('/lines')
  expect((await post('/v1/orders', { currency: 'GBP', lines: [] })).status).toBe(422)
})

test('what is not JSON, not declared as JSON, or too large is refused as such', async () => {
  const { post } = commandApi()
  expect(await post('/v1/orders', '{"a"')).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
  expect(await post('/v1/orders', order, { 'Content-Type': 'text/plain' })).toMatchObject({ status: 415 })
  expect(await post('/v1/orders', `"${'x'.repeat(4 * 1024 * 1024)}"`)).toMatchObject({ status: 413 })
  expect(await post('/v1/orders', 'null')).toMatchObject({ status: 422 })
})

test('an unknown path is 404, a wrong method 405 with what is allowed', async () => {
  const { app, post } = commandApi()
  expect(await post('/v1/nothing', {})).toMatchObject({ status: 404, body: { code: 'not_found' } })
  const wrong = await app.request('/v1/credit-notes', { method: 'DELETE' })
  expect(wrong.status).toBe(405)
  expect(wrong.headers.get('allow')).toBe('POST')
})

test('without a token 401, with one that does not hold 401, with a role that may not 403', async () => {
  const { app, post, store } = commandApi()
  const bare = await app.request('/v1/orders', {
    method: 'POST',
    body: '{}',
    headers: { 'Content-Type': 'application/json' },
  })
  expect(bare.status).toBe(401)
  expect(bare.headers.get('www-authenticate')).toBe('Bearer')
  expect(await post('/v1/orders', order, { Authorization: 'Bearer bad:admin' })).toMatchObject({ status: 401 })
  for (const role of ['buyer', 'finance', 'auditor', 'emperor', '']) {
    expect(await post('/v1/orders', order, { Authorization: `Bearer acme:${role}` })).toMatchObject({ status: 403 })
  }
  expect(store.commits()).toEqual([])
})

test('only integration gives a document a past date, and nobody a future one', async () => {
  const { post } = commandApi()
  const sales = { Authorization: 'Bearer acme:sales' }
  const past = { ...order, placedAt: '2010-12-01T08:26:00Z' }
  expect(await post('/v1/orders', past, sales)).toMatchObject({ status: 403, body: { code: 'backdating_forbidden' } })
  expect((await post('/v1/orders', past)).status).toBe(201)
  const future = { ...order, orderId: 'f', placedAt: '2026-03-02T12:00:00Z' }
  expect(await post('/v1/orders', future)).toMatchObject({ status: 422, body: { code: 'future_date' } })
  const now = { ...order, orderId: 'n', placedAt: '2026-03-01T11:58:00Z' }
  expect((await post('/v1/orders', now, sales)).status).toBe(201)
})

test('a credit note may refer only to an order that exists', async () => {
  const { post } = commandApi()
  const note = { creditNoteId: 'C1', orderId: order.orderId, currency: 'GBP', lines: order.lines }
  expect(await post('/v1/credit-notes', note)).toMatchObject({ status: 422, body: { code: 'unknown_order' } })
  await post('/v1/orders', order)
  expect((await post('/v1/credit-notes', note)).status).toBe(201)
})

test('a line in another currency than its document’s is refused by its place', async () => {
  const { post } = commandApi()
  const lines = [{ sku: 'a', quantity: 1, unitPrice: { amount: '1', currency: 'EUR' } }]
  expect((await post('/v1/orders', { ...order, lines })).body.errors).toEqual([
    { pointer: '/lines/0/unitPrice/currency', message: "must be GBP, the document's currency" },
  ])
})

test('stock, adjustments and cancellations are written', async () => {
  const { post, store } = commandApi()
  expect((await post('/v1/stock/71053/adjustments', { quantity: -3, reason: 'broken' })).status).toBe(201)
  expect((await post('/v1/stock/71053/adjustments', { quantity: 0, reason: 'broken' })).status).toBe(422)
  expect((await post('/v1/adjustments', { amount: gbp('-11062.06'), reason: 'bad debt' })).status).toBe(201)
  await post('/v1/orders', order)
  expect((await post('/v1/orders/536365/cancellation', { reason: 'no' })).body).toMatchObject({
    id: '536365',
    version: 2,
  })
  expect((await post('/v1/orders/536365/cancellation', { reason: 'no' })).body.code).toBe('order_cancelled')
  expect((await post('/v1/orders/nowhere/cancellation', { reason: 'no' })).body.code).toBe('order_not_found')
  expect(store.commits()).toHaveLength(4)
})

test('the correlation id is taken or made, answered, and kept with the commit', async () => {
  const { post, store } = commandApi()
  const given = await post('/v1/orders', order, { 'X-Correlation-Id': 'trace-7' })
  expect(given.headers.get('x-correlation-id')).toBe('trace-7')
  expect(store.commits()[0]).toMatchObject({ correlationId: 'trace-7', actor: { subject: 'tester' } })
  const made = await post('/v1/orders', order, { 'X-Correlation-Id': 'a b' })
  expect(made.headers.get('x-correlation-id')).toMatch(/^id-/)
})

test('a commit tells who asked for it, in which roles, by which client, and in which request', async () => {
  const { post, store } = commandApi()
  const provenance = { 'X-Correlation-Id': 'trace-8', Authorization: 'Bearer acme:admin,sales:back-office' }
  await post('/v1/products', lantern, provenance)
  expect(store.commits()[0]).toMatchObject({
    actor: { subject: 'tester', roles: ['admin', 'sales'], client: 'back-office' },
    correlationId: 'trace-8',
    causationId: null,
  })
})
