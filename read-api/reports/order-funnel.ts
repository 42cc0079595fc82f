import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { orderFunnel as view } from '../../projections/views/order-funnel.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import type { Problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { text } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { GroupByTime } from '../day-keys.ts'
import { BusinessDay, checkPeriod, DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { FunnelRow, FunnelTotal, funnelRows, funnelTotal } from './funnel-figures.ts'

const Query = t.exact(
  t.partial({ groupBy: GroupByTime, from: BusinessDay, to: BusinessDay, limit: Limit, cursor: Cursor }),
)
type Query = t.TypeOf<typeof Query>

export const OrderFunnel = t.strict(
  { rows: t.readonlyArray(FunnelRow), total: FunnelTotal, nextCursor: nullable(Cursor) },
  'OrderFunnel',
)
type OrderFunnel = t.TypeOf<typeof OrderFunnel>

const Key = text(1, 10)

const reported = async (asked: Asked, tenant: string, query: Query): Promise<E.Either<Problem, OrderFunnel>> => {
  const { groupBy = 'day', from = null, to = null, limit = DEFAULT_LIMIT } = query
  const scope: CursorScope = ['funnel', groupBy, from, to]
  const after = decodeCursor(Key, scope, query.cursor)
  if (E.isLeft(after)) return after
  const filter = { tenant, from, to }
  const total = await funnelTotal(asked, filter)
  const rows = await funnelRows(asked, filter, groupBy, after.right ?? null, limit + 1)
  const { items, nextCursor } = pageOf(rows, limit, ({ key }) => encodeCursor(scope, key))
  return E.right({ rows: items, total, nextCursor })
}

/**
 * How many orders went how far, by business day (UTC), week or month. An order and its cancellation count when the order was placed.
 * Invoices that were not voided and credit notes count when they were issued: they do not tell when their order was placed.
 */
export const orderFunnel = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/funnel',
    operationId: 'getOrderFunnel',
    summary: 'Orders placed and, of them, cancelled; invoices and credit notes issued; by day, week or month',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of rows in the order of time, and the total of all; voided invoices do not count',
      body: OrderFunnel,
    },
    handle: afterToken(deps.clock, [tablesOf(deps, view)], async ({ caller: { tenant }, query }) => {
      const period = checkPeriod(query)
      if (E.isLeft(period)) return period
      const report = await deps.asReader(tenant, (client) => reported(client, tenant, query))
      return E.isLeft(report) ? report : ok(report.right)
    }),
  })
