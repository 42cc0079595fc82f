import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { Decider } from '../decider.ts'
import { constraintsOf, INVOICE_NUMBERS } from './constraints.ts'
import { decide, type InvoiceCommand } from './decide.ts'
import { evolve } from './evolve.ts'
import type { InvoiceRejection } from './rejections.ts'
import { type InvoiceState, initial } from './state.ts'

export type { InvoiceCommand, InvoiceRejection, InvoiceState }
export { constraintsOf, INVOICE_NUMBERS }

export const invoice: Decider<InvoiceState, InvoiceCommand, InvoiceEvent, InvoiceRejection> = {
  initial,
  evolve,
  decide,
}
