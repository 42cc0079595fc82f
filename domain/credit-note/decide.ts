import * as E from 'fp-ts/lib/Either.js'
import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { Line } from '../../schemas/lines.ts'
import { isStorableTotal, totalOf } from '../amounts.ts'
import type { CreditNoteRejection } from './rejections.ts'
import type { CreditNoteState } from './state.ts'

export type CreditNoteCommand = {
  readonly type: 'IssueCreditNote'
  readonly creditNoteId: string
  readonly orderId: string | null
  readonly customerId: string | null
  readonly country: string | null
  readonly currency: string
  readonly issuedAt: string
  /** Quantities are positive: what the customer is given back. */
  readonly lines: ReadonlyArray<Line>
}

export const decide = (
  { type: _, ...note }: CreditNoteCommand,
  state: CreditNoteState,
): E.Either<CreditNoteRejection, ReadonlyArray<CreditNoteEvent>> => {
  if (state._tag !== 'Unknown') return E.left({ _tag: 'CreditNoteIdTaken' })
  const total = totalOf(note.lines)
  if (!isStorableTotal(total)) return E.left({ _tag: 'TotalOutOfRange' })
  return E.right([{ type: 'CreditNoteIssued', schemaVersion: 1, data: { ...note, total } }])
}
