import type * as t from 'io-ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { nullable } from '../nullable.ts'
import { subjectId } from '../personal.ts'
import { SequenceNumber } from '../sequence-number.ts'
import { ClientId, Reason } from '../text.ts'
import { Instant } from '../time.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

const document = {
  number: SequenceNumber,
  orderId: ClientId,
  customerId: nullable(subjectId(ClientId)),
  currency: Currency,
  total: NonNegativeDecimal,
  issuedAt: Instant,
}

/** `number` is gapless in the tenant. How it is printed ("INV-00000001") is its reader's matter. */
export const InvoiceIssued = event('InvoiceIssued', { invoiceId: ClientId, ...document })

/** Carries the invoice that it takes back. Its number stays used. */
export const InvoiceVoided = event('InvoiceVoided', {
  invoiceId: ClientId,
  reason: Reason,
  voidedAt: Instant,
  ...document,
})

export const InvoiceEvent = upcasting('InvoiceEvent', [InvoiceIssued, InvoiceVoided])
export type InvoiceEvent = t.TypeOf<typeof InvoiceEvent>
