import type * as t from 'io-ts'
import { Lines } from '../lines.ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { nullable } from '../nullable.ts'
import { subjectId } from '../personal.ts'
import { ClientId, Country } from '../text.ts'
import { Instant } from '../time.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

/** Quantities, prices and the total are positive here; reports count them negative. */
const CreditNoteIssued = event('CreditNoteIssued', {
  creditNoteId: ClientId,
  orderId: nullable(ClientId),
  customerId: nullable(subjectId(ClientId)),
  country: nullable(Country),
  currency: Currency,
  issuedAt: Instant,
  lines: Lines,
  total: NonNegativeDecimal,
})

export const CreditNoteEvent = upcasting('CreditNoteEvent', [CreditNoteIssued])
export type CreditNoteEvent = t.TypeOf<typeof CreditNoteEvent>
