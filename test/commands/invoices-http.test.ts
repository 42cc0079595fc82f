import { describe, expect, test } from 'vitest'
import { decodeConsistencyToken } from '../../schemas/consistency-token.ts'
import { commandApi, NOW } from './api.ts'

const line = { sku: '71053', quantity: 6, unitPrice: { amount: '3.39', currency: 'GBP' } }
const order = { orderId: '536365', customerId: '17850', currency: 'GBP', lines: [line, line] }

/** The API with some orders. */
const withOrders = async (...orderIds: ReadonlyArray<string>) => {
  const api = commandApi()
  for (const orderId of orderIds) await api.post('/v1/orders', { ...order, orderId })
  const issue = (body: object, headers: Record<string, string> = {}) => api.post('/v1/invoices', body, headers)
  const annul = (id: string, reason = 'wrong address') => api.post(`/v1/invoices/${id}/voiding`, { reason })
  const invoices = () => api.store.commits().filter(({ stream }) => stream.type === 'invoice')
  return { ...api, issue, annul, invoices }
}

describe('POST /v1/invoices', () => {
  test('answers as every write does, and with the number', async () => {
    const { issue, invoices } = await withOrders('536365')
    const { status, headers, body } = await issue({ orderId: '536365', invoiceId: 'i1' })
    expect(status).toBe(201)
    expect(headers.get('etag')).toBe('"1"')
    expect(body).toMatchObject({ id: 'i1', version: 1, number: 1, commitId: expect.stringMatching(/^[0-9A-Z]{26}$/) })
    expect(decodeConsistencyToken(body.consistencyToken)).toMatchObject({
      right: { streamType: 'invoice', streamId: 'i1', version: 1 },
    })
    expect(invoices().map(({ events }) => events)).toEqual([
      [
        {
          type: 'InvoiceIssued',
          schemaVersion: 1,
          data: {
            invoiceId: 'i1',
            number: 1,
            orderId: '536365',
            customerId: '17850',
            currency: 'GBP',
            total: '40.68',
            issuedAt: NOW.toISOString(),
          },
        },
      ],
    ])
  })

  test('numbers invoices without a gap in each tenant, whatever is refused in between', async () => {
    const { post, issue } = await withOrders('1', '2', '3')
    const other = { Authorization: 'Bearer other:admin' }
    await post('/v1/orders', { ...order, orderId: '1' }, other)
    expect((await issue({ orderId: '1' })).body.number).toBe(1)
    expect((await issue({ orderId: '1' })).status).toBe(409)
    expect((await issue({ orderId: 'nowhere' })).status).toBe(422)
    expect((await issue({ orderId: '1' }, other)).body.number).toBe(1)
    const together = await Promise.all([issue({ orderId: '2' }), issue({ orderId: '3' })])
    expect(together.map(({ body }) => body.number)).toEqual([2, 3])
  })

  test('an order has one invoice, and the refusal names it', async () => {
    const { issue } = await withOrders('536365')
    await issue({ orderId: '536365', invoiceId: 'i1' })
    expect(await issue({ orderId: '536365', invoiceId: 'i2' })).toMatchObject({
      status: 409,
      body: { code: 'order_already_invoiced', detail: expect.stringContaining('i1') },
    })
  })

  test('of many who invoice an order at once, one does', async () => {
    const { issue, invoices } = await withOrders('536365')
    const answers = await Promise.all(Array.from({ length: 8 }, () => issue({ orderId: '536365' })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
    expect(invoices()).toHaveLength(1)
  })

  test('an order that is unknown or cancelled is not invoiced', async () => {
    const { post, issue, invoices } = await withOrders('536365')
    expect(await issue({ orderId: '536366' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_order', errors: [{ pointer: '/orderId' }] },
    })
    await post('/v1/orders/536365/cancellation', { reason: 'no' })
    expect(await issue({ orderId: '536365' })).toMatchObject({ status: 409, body: { code: 'order_cancelled' } })
    expect(invoices()).toEqual([])
  })

  test('the id of an invoice is taken once', async () => {
    const { issue } = await withOrders('1', '2')
    await issue({ orderId: '1', invoiceId: 'i1' })
    expect(await issue({ orderId: '2', invoiceId: 'i1' })).toMatchObject({
      status: 409,
      body: { code: 'invoice_id_taken' },
    })
  })

  test('the same key and body gives the first answer again, with its number, also when the invoice is void by now', async () => {
    const { issue, annul, invoices } = await withOrders('1', '2')
    const key = { 'Idempotency-Key': 'k1' }
    const first = await issue({ orderId: '1' }, key)
    await issue({ orderId: '2' })
    const again = await issue({ orderId: '1' }, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    await annul(first.body.id)
    expect((await issue({ orderId: '1' }, key)).body).toEqual(first.body)
    expect(await issue({ orderId: '2' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } })
    expect(invoices()).toHaveLength(3)
  })

  test('only integration gives an invoice a past date, and nobody a future one', async () => {
    const { issue } = await withOrders('1', '2')
    const sales = { Authorization: 'Bearer acme:sales' }
    const past = { orderId: '1', issuedAt: '2010-12-01T08:26:00Z' }
    expect(await issue(past, sales)).toMatchObject({ status: 403, body: { code: 'backdating_forbidden' } })
    expect((await issue(past)).status).toBe(201)
    const future = { orderId: '2', issuedAt: '2026-03-02T12:00:00Z' }
    expect(await issue(future)).toMatchObject({ status: 422, body: { code: 'future_date' } })
  })

  test('without a token 401, with a role that may not 403', async () => {
    const { issue } = await withOrders('1')
    expect((await issue({ orderId: '1' }, { Authorization: 'Bearer bad:admin' })).status).toBe(401)
    expect((await issue({ orderId: '1' }, { Authorization: 'Bearer acme:buyer' })).status).toBe(403)
  })
})

describe('POST /v1/invoices/{id}/voiding', () => {
  test('lets the order be invoiced anew; the number stays used', async () => {
    const { issue, annul } = await withOrders('536365')
    await issue({ orderId: '536365', invoiceId: 'i1' })
    expect(await annul('i1')).toMatchObject({ status: 200, body: { id: 'i1', version: 2 } })
    expect((await issue({ orderId: '536365', invoiceId: 'i2' })).body).toMatchObject({ id: 'i2', number: 2 })
    expect((await issue({ orderId: '536365' })).body.code).toBe('order_already_invoiced')
  })

  test('an invoice is voided once, and only when it is there', async () => {
    const { issue, annul } = await withOrders('536365')
    expect(await annul('i1')).toMatchObject({ status: 404, body: { code: 'invoice_not_found' } })
    await issue({ orderId: '536365', invoiceId: 'i1' })
    await annul('i1')
    expect(await annul('i1')).toMatchObject({ status: 409, body: { code: 'invoice_voided' } })
    expect(await annul('i1', '')).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  })

  test('a void invoice takes nothing from the one that followed it', async () => {
    const { issue, annul } = await withOrders('536365')
    await issue({ orderId: '536365', invoiceId: 'i1' })
    await annul('i1')
    await issue({ orderId: '536365', invoiceId: 'i2' })
    await annul('i1')
    expect((await issue({ orderId: '536365', invoiceId: 'i3' })).body.code).toBe('order_already_invoiced')
  })
})
