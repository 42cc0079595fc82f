import type { InvoiceEvent } from '../events/invoice.ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { SequenceNumber } from '../sequence-number.ts'
import { ClientId } from '../text.ts'
import { Instant } from '../time.ts'
import { type Publishing, publicEvent } from './public-event.ts'

const invoice = {
  invoiceId: ClientId,
  number: SequenceNumber,
  orderId: ClientId,
  currency: Currency,
  total: NonNegativeDecimal,
  issuedAt: Instant,
}

export const invoicePublishing: Publishing<InvoiceEvent> = {
  InvoiceIssued: publicEvent('com.daybook.invoice.issued.v1', invoice, ({ data }) => data),
  /** Carries the invoice that it takes back. */
  InvoiceVoided: publicEvent('com.daybook.invoice.voided.v1', { ...invoice, voidedAt: Instant }, ({ data }) => data),
}
