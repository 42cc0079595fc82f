import type { OrderEvent } from '../../schemas/events/order.ts'
import { add, type Change } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const customerMonths: Table = {
  name: 'customer_months',
  rows: 'shared',
  key: { tenant: 'text', customer_id: 'text', month: 'date' },
  columns: { orders: 'bigint' },
  subject: { column: 'customer_id' },
}

type Order = { readonly customerId: string | null; readonly placedAt: string }

const count = (tenant: string, { customerId, placedAt }: Order, orders: 1 | -1): ReadonlyArray<Change> =>
  customerId === null
    ? []
    : [add('customer_months', { tenant, customer_id: customerId, month: `${placedAt.slice(0, 7)}-01` }, { orders })]

/**
 * In which months (UTC) each customer ordered. The first of them is the customer's cohort, for the query to find: an order that comes
 * late, or is cancelled, may move it. A cancelled order leaves nothing.
 */
export const cohorts: Projection<OrderEvent> = {
  name: 'cohorts',
  version: 1,
  streamTypes: ['order'],
  tables: [customerMonths],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) => count(tenant, data, 1),
    OrderCancelled: ({ tenant, event: { data } }) => count(tenant, data, -1),
  },
}
