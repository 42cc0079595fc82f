import type { OrderEvent } from '../../schemas/events/order.ts'
import type { Line } from '../../schemas/lines.ts'
import { type Change, put, type Row, remove } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const basketsTable: Table = {
  name: 'baskets',
  rows: 'owned',
  key: { tenant: 'text', order_id: 'text', sku: 'text' },
  columns: {},
}

type Order = { readonly orderId: string; readonly lines: ReadonlyArray<Line> }

const forEachSku = (tenant: string, { orderId, lines }: Order, change: (key: Row) => Change): ReadonlyArray<Change> =>
  [...new Set(lines.map(({ sku }) => sku))].map((sku) => change({ tenant, order_id: orderId, sku }))

/** The distinct SKUs of every order; a cancelled order has no basket. Who was bought together is counted by the query. */
export const baskets: Projection<OrderEvent> = {
  name: 'baskets',
  version: 1,
  streamTypes: ['order'],
  tables: [basketsTable],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) => forEachSku(tenant, data, (key) => put('baskets', key, {})),
    OrderCancelled: ({ tenant, event: { data } }) => forEachSku(tenant, data, (key) => remove('baskets', key)),
  },
}
