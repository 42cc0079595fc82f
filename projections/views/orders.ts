import type { OrderEvent } from '../../schemas/events/order.ts'
import { patch, put } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const ordersTable: Table = {
  name: 'orders',
  rows: 'owned',
  key: { tenant: 'text', order_id: 'text' },
  columns: {
    version: 'bigint',
    status: 'text',
    customer_id: 'text',
    country: 'text',
    currency: 'text',
    placed_at: 'timestamptz',
    total: 'numeric',
    line_count: 'integer',
    cancelled_at: 'timestamptz',
    cancellation_reason: 'text',
  },
  subject: { column: 'customer_id' },
}

const orderLinesTable: Table = {
  name: 'order_lines',
  rows: 'owned',
  key: { tenant: 'text', order_id: 'text', line_no: 'integer' },
  columns: { sku: 'text', description: 'text', quantity: 'bigint', unit_price: 'numeric' },
}

/** Orders with their lines, numbered from 1 as they were placed. */
export const orders: Projection<OrderEvent> = {
  name: 'orders',
  version: 1,
  streamTypes: ['order'],
  tables: [ordersTable, orderLinesTable],
  on: {
    OrderPlaced: ({ tenant, version, event: { data } }) => [
      put(
        'orders',
        { tenant, order_id: data.orderId },
        {
          version,
          status: 'placed',
          customer_id: data.customerId,
          country: data.country,
          currency: data.currency,
          placed_at: data.placedAt,
          total: data.total,
          line_count: data.lines.length,
          cancelled_at: null,
          cancellation_reason: null,
        },
      ),
      ...data.lines.map(({ sku, description, quantity, unitPrice }, index) =>
        put(
          'order_lines',
          { tenant, order_id: data.orderId, line_no: index + 1 },
          { sku, description, quantity, unit_price: unitPrice },
        ),
      ),
    ],
    OrderCancelled: ({ tenant, version, event: { data } }) => [
      patch(
        'orders',
        { tenant, order_id: data.orderId },
        { version, status: 'cancelled', cancelled_at: data.cancelledAt, cancellation_reason: data.reason },
      ),
    ],
  },
}
