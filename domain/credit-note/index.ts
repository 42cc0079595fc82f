import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { Decider } from '../decider.ts'
import { type CreditNoteCommand, decide } from './decide.ts'
import { evolve } from './evolve.ts'
import type { CreditNoteRejection } from './rejections.ts'
import { type CreditNoteState, initial } from './state.ts'

export type { CreditNoteCommand, CreditNoteRejection, CreditNoteState }

export const creditNote: Decider<CreditNoteState, CreditNoteCommand, CreditNoteEvent, CreditNoteRejection> = {
  initial,
  evolve,
  decide,
}
