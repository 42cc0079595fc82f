import type { ClientBase } from 'pg'
import { orders } from '../../projections/views/orders.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { tablesOf } from '../consistency.ts'
import { getEntity, pastFromEvents } from '../get-entity.ts'
import type { ReadDeps } from '../read-deps.ts'
import { select } from '../rows.ts'
import { Order, OrderRow, orderOf, SELECT_ORDERS } from './order.ts'
import { orderEntity } from './order-entity.ts'
import { OrderLineRow } from './order-line.ts'

const ORDER = `${SELECT_ORDERS}
   WHERE tenant = $1 AND order_id = $2`

const LINES = `
  SELECT line_no, sku, description, quantity, unit_price
    FROM order_lines
   WHERE tenant = $1 AND order_id = $2
   ORDER BY line_no`

const currentOrder = async (client: ClientBase, tenant: string, id: string): Promise<Order | null> => {
  const [order] = await select(client, OrderRow, ORDER, [tenant, id])
  return order === undefined ? null : orderOf(order, await select(client, OrderLineRow, LINES, [tenant, id]))
}

/** An order, from the view; as it was, from its events. */
export const getOrder = (deps: ReadDeps): Operation =>
  getEntity(deps, orderEntity, 'An order with its lines', Order, {
    views: [tablesOf(deps, orders)],
    now: (tenant, id) => deps.asReader(tenant, (client) => currentOrder(client, tenant, id)),
    past: pastFromEvents(deps, orderEntity),
  })
