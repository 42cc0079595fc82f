import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { CreditNoteState } from './state.ts'

export const evolve = (_state: CreditNoteState, _event: CreditNoteEvent): CreditNoteState => ({ _tag: 'Issued' })
