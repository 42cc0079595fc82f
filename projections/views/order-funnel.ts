import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { add, type Change, type Deltas } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const orderFunnelTable: Table = {
  name: 'order_funnel',
  rows: 'shared',
  key: { tenant: 'text', day: 'date' },
  columns: { placed: 'bigint', cancelled: 'bigint', invoiced: 'bigint', credited: 'bigint' },
}

const on = (tenant: string, time: string, deltas: Deltas): ReadonlyArray<Change> => [
  add('order_funnel', { tenant, day: time.slice(0, 10) }, deltas),
]

/**
 * How many orders went how far, by business day (UTC). A cancellation carries the order's day and counts there. An invoice and a credit
 * note do not, so they count on the day of their own issue; a voided invoice leaves nothing.
 */
export const orderFunnel: Projection<OrderEvent | InvoiceEvent | CreditNoteEvent> = {
  name: 'order-funnel',
  version: 1,
  streamTypes: ['order', 'invoice', 'credit-note'],
  tables: [orderFunnelTable],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) => on(tenant, data.placedAt, { placed: 1 }),
    OrderCancelled: ({ tenant, event: { data } }) => on(tenant, data.placedAt, { cancelled: 1 }),
    InvoiceIssued: ({ tenant, event: { data } }) => on(tenant, data.issuedAt, { invoiced: 1 }),
    InvoiceVoided: ({ tenant, event: { data } }) => on(tenant, data.issuedAt, { invoiced: -1 }),
    CreditNoteIssued: ({ tenant, event: { data } }) => on(tenant, data.issuedAt, { credited: 1 }),
  },
}
