import { expect, test } from 'vitest'
import { fold } from '../../domain/fold.ts'
import { constraintsOf, type InvoiceCommand, invoice } from '../../domain/invoice/index.ts'
import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import { givenFor, happened, rejected } from './given.ts'

const given = givenFor(invoice)
const document = {
  number: 7,
  orderId: '536365',
  customerId: '17850',
  currency: 'GBP',
  total: '40.68',
  issuedAt: '2010-12-01T09:00:00.000Z',
}
const voiding = { invoiceId: 'i1', reason: 'wrong address', voidedAt: '2010-12-02T00:00:00.000Z' }
const issue: InvoiceCommand = { type: 'IssueInvoice', invoiceId: 'i1', ...document }
const annul: InvoiceCommand = { type: 'VoidInvoice', ...voiding }
const issued: InvoiceEvent = { type: 'InvoiceIssued', schemaVersion: 1, data: { invoiceId: 'i1', ...document } }
const voided: InvoiceEvent = { type: 'InvoiceVoided', schemaVersion: 1, data: { ...voiding, ...document } }

test('an invoice is issued once, and a void one keeps its id', () => {
  given().when(issue).then(happened(issued))
  given(issued).when(issue).then(rejected('InvoiceIdTaken'))
  given(issued, voided).when(issue).then(rejected('InvoiceIdTaken'))
})

test('an invoice is voided once, and only when it is there; the event carries what it takes back', () => {
  given(issued).when(annul).then(happened(voided))
  given().when(annul).then(rejected('InvoiceNotFound'))
  given(issued, voided).when(annul).then(rejected('InvoiceIsVoided'))
})

test('a void invoice remembers what it was for', () => {
  const { invoiceId: _, ...why } = voiding
  expect(fold(invoice, [issued, voided])).toEqual({ _tag: 'Voided', document, ...why })
})

test('an invoice holds its order and its number; a void one gives the order up, not the number', () => {
  expect(constraintsOf(issued)).toEqual([
    { _tag: 'Claim', scope: 'invoiced-order', value: '536365' },
    { _tag: 'Number', sequence: 'invoice', number: 7 },
  ])
  expect(constraintsOf(voided)).toEqual([{ _tag: 'Release', scope: 'invoiced-order', value: '536365' }])
})
