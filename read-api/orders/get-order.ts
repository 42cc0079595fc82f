import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ClientBase } from 'pg'
import { orders } from '../../projections/views/orders.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { ClientId } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { AsOf } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { versioned } from '../replies.ts'
import { select } from '../rows.ts'
import { Order, OrderLineRow, OrderRow, orderOf, SELECT_ORDERS } from './order.ts'
import { ORDER_NOT_FOUND, orderNotFound } from './order-not-found.ts'
import { orderAsOf, orderStream } from './order-stream.ts'

const ORDER = `${SELECT_ORDERS}
   WHERE tenant = $1 AND order_id = $2`

const LINES = `
  SELECT line_no, sku, description, quantity, unit_price
    FROM order_lines
   WHERE tenant = $1 AND order_id = $2
   ORDER BY line_no`

const currentOrder = async (client: ClientBase, tenant: string, id: string): Promise<Order | undefined> => {
  const [order] = await select(client, OrderRow, ORDER, [tenant, id])
  return order && orderOf(order, await select(client, OrderLineRow, LINES, [tenant, id]))
}

/** An order, from the view; or as it was, from its events (which need no waiting: the event store is read consistently). */
export const getOrder = (deps: ReadDeps): Operation => {
  const views = [tablesOf(deps, orders)]
  return operation({
    method: 'GET',
    path: '/v1/orders/{id}',
    operationId: 'getOrder',
    summary: 'An order with its lines, now or as it was',
    tag: 'Orders',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [ORDER_NOT_FOUND, ...CONSISTENCY_PROBLEMS],
    params: t.strict({ id: ClientId }),
    query: t.exact(t.partial({ asOf: AsOf })),
    body: t.unknown,
    reply: { status: 200, description: 'The order', body: Order },
    handle: afterToken(deps.clock, views, async ({ caller: { tenant }, params: { id }, query: { asOf } }) => {
      const order =
        asOf === undefined
          ? await deps.asReader(tenant, (client) => currentOrder(client, tenant, id))
          : await orderAsOf(deps.events, orderStream(tenant, id), asOf)
      return order === undefined ? E.left(orderNotFound) : versioned(order)
    }),
  })
}
