import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import { CorruptCommit, type StoredEvent } from '../../infra/event-store/port.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { asking, bodyOf, problemOf } from './asking.ts'

const document = { orderId: '536365', customerId: '17850', number: 7, issuedAt: '2010-12-01T09:00:00.000Z' }
const money = { currency: 'GBP', total: '40.68' }
const issued: StoredEvent = {
  type: 'InvoiceIssued',
  schemaVersion: 1,
  data: { invoiceId: 'i1', ...document, ...money },
}
const voiding = { reason: 'wrong address', voidedAt: '2010-12-02T00:00:00.000Z' }
const voided: StoredEvent = {
  type: 'InvoiceVoided',
  schemaVersion: 1,
  data: { invoiceId: 'i1', ...document, ...money, ...voiding },
}

/** Asks for invoice i1 of a store that holds these events of it. */
const invoiceWith = async (...events: ReadonlyArray<StoredEvent>) => {
  const store = memoryEventStore(testStamp)
  let position = store.emptyStream({ tenant: 'acme', type: 'invoice', id: 'i1' })
  const provenance = { actor: { subject: 'anna', roles: ['sales'] }, correlationId: 'c', causationId: null }
  for (const [index, event] of events.entries()) {
    const draft = { ...provenance, commandId: `k${index}`, fingerprint: 'f', events: [event] }
    const appended = await store.append(position, draft)
    if (E.isRight(appended)) position = appended.right.position
  }
  return (tenant = 'acme') => asking({ events: store })('getInvoice', { tenant, params: { id: 'i1' } })
}

test('an invoice shows what it is for, under its number', async () => {
  const ask = await invoiceWith(issued)
  const answer = await ask()
  expect(bodyOf(answer)).toEqual({
    id: 'i1',
    ...document,
    status: 'issued',
    total: { amount: '40.68', currency: 'GBP' },
    voidedAt: null,
    voidingReason: null,
    version: 1,
  })
  expect(answer).toMatchObject({ right: { headers: { ETag: '"1"' } } })
})

test('a void invoice says so, and keeps its number', async () => {
  const ask = await invoiceWith(issued, voided)
  const { reason, voidedAt } = voiding
  expect(bodyOf(await ask())).toMatchObject({
    status: 'voided',
    number: 7,
    voidedAt,
    voidingReason: reason,
    version: 2,
  })
})

test('an invoice that is not there, or another tenant’s, is not found', async () => {
  expect(problemOf(await (await invoiceWith())())).toMatchObject({ status: 404, code: 'invoice_not_found' })
  const ask = await invoiceWith(issued)
  expect(problemOf(await ask('other'))).toMatchObject({ status: 404, code: 'invoice_not_found' })
})

test('an event that is none of an invoice’s is named', async () => {
  const ask = await invoiceWith(issued, { type: 'InvoicePaid', schemaVersion: 1, data: {} })
  await expect(ask()).rejects.toThrow(CorruptCommit)
  await expect(ask()).rejects.toThrow('acme/invoice/i1@2')
})
