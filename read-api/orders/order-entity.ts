import * as t from 'io-ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { orders } from '../../projections/views/orders.ts'
import { problem } from '../../schemas/problem.ts'
import { ClientId } from '../../schemas/text.ts'
import { rowsOf } from '../rows.ts'
import { viewFold } from '../view-fold.ts'
import { OrderRow, orderOf } from './order.ts'
import { OrderLineRow } from './order-line.ts'

export const orderEntity = {
  name: 'Order',
  noun: 'an order',
  tag: 'Orders',
  streamType: 'order',
  path: '/v1/orders/{id}',
  params: t.strict({ id: ClientId }),
  idOf: ({ id }: { readonly id: string }) => id,
  notFound: problem(404, 'order_not_found', 'There is no such order'),
  ...viewFold(readModel(orders), recordedEventsOf(eventCodecs), (rowsIn) => {
    const [order] = rowsOf(OrderRow, rowsIn('orders'))
    return order === undefined ? null : orderOf(order, rowsOf(OrderLineRow, rowsIn('order_lines')))
  }),
}
