import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { Constraint } from '../constraint.ts'

/** Name of the sequence that a tenant's invoices are numbered by. */
export const INVOICE_NUMBERS = 'invoice'

/** An order has one invoice at a time; voiding it lets the order be invoiced anew. */
const INVOICED_ORDER = 'invoiced-order'

export const constraintsOf = ({ type, data }: InvoiceEvent): ReadonlyArray<Constraint> => {
  switch (type) {
    case 'InvoiceIssued':
      return [
        { _tag: 'Claim', scope: INVOICED_ORDER, value: data.orderId },
        { _tag: 'Number', sequence: INVOICE_NUMBERS, number: data.number },
      ]
    case 'InvoiceVoided':
      return [{ _tag: 'Release', scope: INVOICED_ORDER, value: data.orderId }]
  }
}
