import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { orders } from '../../projections/views/orders.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { checkPeriod, DEFAULT_LIMIT, Limit, PeriodEnd, PeriodStart } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { select } from '../rows.ts'
import { OrderRow, OrderStatus, OrderSummary, SELECT_ORDERS, summaryOf } from './order.ts'

const Query = t.exact(
  t.partial({
    customerId: ClientId,
    status: OrderStatus,
    from: PeriodStart,
    to: PeriodEnd,
    limit: Limit,
    cursor: Cursor,
  }),
)
type Query = t.TypeOf<typeof Query>

/** Place of the last row of a page: its time and id. */
const Position = t.tuple([Instant, ClientId])

const SQL = `${SELECT_ORDERS}
   WHERE tenant = $1
     AND ($2::text IS NULL OR customer_id = $2)
     AND ($3::text IS NULL OR status = $3)
     AND ($4::timestamptz IS NULL OR placed_at >= $4)
     AND ($5::timestamptz IS NULL OR placed_at <= $5)
     AND ($6::timestamptz IS NULL OR (placed_at, order_id) < ($6, $7::text))
   ORDER BY placed_at DESC, order_id DESC
   LIMIT $8`

const scopeOf = ({ customerId, status, from, to }: Query): CursorScope => ['orders', customerId, status, from, to]

const listed =
  ({ readsOf }: ReadDeps) =>
  async ({ caller: { tenant }, query }: { readonly caller: { readonly tenant: string }; readonly query: Query }) => {
    const period = checkPeriod(query)
    if (E.isLeft(period)) return period
    const scope = scopeOf(query)
    const after = decodeCursor(Position, scope, query.cursor)
    if (E.isLeft(after)) return after
    const { customerId = null, status = null, from = null, to = null, limit = DEFAULT_LIMIT } = query
    const [time, id] = after.right ?? [null, null]
    const values = [tenant, customerId, status, from, to, time, id, limit + 1]
    const rows = await select(readsOf(tenant), OrderRow, SQL, values)
    const page = pageOf(rows, limit, (last) => encodeCursor(scope, Position.encode([last.placed_at, last.order_id])))
    return ok({ items: page.items.map(summaryOf), nextCursor: page.nextCursor })
  }

/** Orders, newest first; orders of the same moment by id, descending. */
export const listOrders = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/orders',
    operationId: 'listOrders',
    summary: 'Orders, newest first',
    tag: 'Orders',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    records: 'personal',
    recordsAbout: { in: 'query', name: 'customerId' },
    params: t.strict({}),
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of orders without their lines',
      body: t.strict({ items: t.readonlyArray(OrderSummary), nextCursor: nullable(Cursor) }, 'OrderPage'),
    },
    handle: afterToken(deps.clock, [tablesOf(deps, orders)], listed(deps)),
  })
