import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { InvoiceState } from './state.ts'

export const evolve = (state: InvoiceState, event: InvoiceEvent): InvoiceState => {
  switch (event.type) {
    case 'InvoiceIssued': {
      const { invoiceId: _, ...document } = event.data
      return { _tag: 'Issued', document }
    }
    case 'InvoiceVoided': {
      const { reason, voidedAt } = event.data
      return state._tag === 'Issued' ? { _tag: 'Voided', document: state.document, reason, voidedAt } : state
    }
  }
}
