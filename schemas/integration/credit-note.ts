import type { CreditNoteEvent } from '../events/credit-note.ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { nullable } from '../nullable.ts'
import { ClientId, Country } from '../text.ts'
import { Instant } from '../time.ts'
import { PublicLines } from './lines.ts'
import { type Publishing, publicEvent } from './public-event.ts'

/** Quantities, prices and the total are positive. */
const creditNote = {
  creditNoteId: ClientId,
  orderId: nullable(ClientId),
  country: nullable(Country),
  currency: Currency,
  issuedAt: Instant,
  lines: PublicLines,
  total: NonNegativeDecimal,
}

export const creditNotePublishing: Publishing<CreditNoteEvent> = {
  CreditNoteIssued: publicEvent('com.daybook.credit-note.issued.v1', creditNote, ({ data }) => data),
}
