import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { add, type Change, type Deltas, put, remove } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const ordersTable: Table = {
  name: 'invoicing_orders',
  rows: 'shared',
  key: { tenant: 'text', order_id: 'text' },
  columns: {
    placed: 'bigint',
    cancelled: 'bigint',
    invoices: 'bigint',
    open_invoices: 'bigint',
    placed_at_ms: 'bigint',
    cancelled_at_ms: 'bigint',
  },
}

const invoicesTable: Table = {
  name: 'invoicing_invoices',
  rows: 'owned',
  key: { tenant: 'text', invoice_id: 'text' },
  columns: { order_id: 'text' },
}

const count = (tenant: string, orderId: string, deltas: Deltas): Change =>
  add('invoicing_orders', { tenant, order_id: orderId }, deltas)

/**
 * What the process of that name asks: which orders wait for an invoice, which invoices lost their order. Several streams tell of one
 * order, in no order among each other, so they are counted. Times are those of the commits, in milliseconds since 1970: an order of the
 * past that is imported today was placed today.
 */
export const invoicing: Projection<OrderEvent | InvoiceEvent> = {
  name: 'invoicing',
  version: 1,
  streamTypes: ['order', 'invoice'],
  tables: [ordersTable, invoicesTable],
  on: {
    OrderPlaced: ({ tenant, streamId, time }) => [
      count(tenant, streamId, { placed: 1, placed_at_ms: Date.parse(time) }),
    ],
    OrderCancelled: ({ tenant, streamId, time }) => [
      count(tenant, streamId, { cancelled: 1, cancelled_at_ms: Date.parse(time) }),
    ],
    InvoiceIssued: ({ tenant, streamId, event: { data } }) => [
      count(tenant, data.orderId, { invoices: 1, open_invoices: 1 }),
      put('invoicing_invoices', { tenant, invoice_id: streamId }, { order_id: data.orderId }),
    ],
    InvoiceVoided: ({ tenant, streamId, event: { data } }) => [
      count(tenant, data.orderId, { open_invoices: -1 }),
      remove('invoicing_invoices', { tenant, invoice_id: streamId }),
    ],
  },
}
