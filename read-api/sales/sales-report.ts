import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ClientBase } from 'pg'
import { sales } from '../../projections/views/sales.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { Currency } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import type { Problem } from '../../schemas/problem.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { CURRENCY_REQUIRED, oneCurrency } from '../one-currency.ts'
import { BusinessDay, checkPeriod, DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { positionOf, RowPosition } from '../row-order.ts'
import { CURRENCIES, NO_FIGURES, rowOf, SalesRow, SalesTotal, salesRows, salesTotal, totalOf } from './sales-figures.ts'
import { defaultOrder, GroupBy, Sort } from './sales-order.ts'

const Query = t.exact(
  t.intersection([
    t.type({ groupBy: GroupBy }),
    t.partial({
      from: BusinessDay,
      to: BusinessDay,
      currency: Currency,
      sort: Sort,
      limit: Limit,
      cursor: Cursor,
    }),
  ]),
)
type Query = t.TypeOf<typeof Query>

export const SalesReport = t.strict(
  { rows: t.readonlyArray(SalesRow), total: SalesTotal, nextCursor: nullable(Cursor) },
  'SalesReport',
)
type SalesReport = t.TypeOf<typeof SalesReport>

const reported = async (client: ClientBase, tenant: string, query: Query): Promise<E.Either<Problem, SalesReport>> => {
  const { groupBy, from = null, to = null, sort: order = defaultOrder(groupBy), limit = DEFAULT_LIMIT } = query
  const scope: CursorScope = ['sales', groupBy, from, to, query.currency, order.column, order.descending]
  const after = decodeCursor(RowPosition, scope, query.cursor)
  if (E.isLeft(after)) return after
  const chosen = await oneCurrency(client, tenant, query.currency, CURRENCIES)
  if (E.isLeft(chosen)) return chosen
  const currency = chosen.right
  const filter = { tenant, currency, from, to }
  const total = (await salesTotal(client, filter)) ?? NO_FIGURES
  const figures = await salesRows(client, filter, groupBy, order, after.right, limit + 1)
  const { items, nextCursor } = pageOf(figures, limit, (last) => encodeCursor(scope, positionOf(last, order)))
  return E.right({ rows: items.map((row) => rowOf(row, currency)), total: totalOf(total, currency), nextCursor })
}

/**
 * Sales by business day (UTC), in one currency. Rows, total and currency come from one snapshot. Rows whose documents were all
 * cancelled do not appear; `total` is over all rows of the filter, whatever the page.
 */
export const salesReport = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/sales',
    operationId: 'getSalesReport',
    summary: 'Sales by day, week, month, country, customer or product, in one currency',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [CURRENCY_REQUIRED, INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: t.strict({}),
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of rows and the total of all; without any sale the total is zero in the currency XXX',
      body: SalesReport,
    },
    handle: afterToken(deps.clock, [tablesOf(deps, sales)], async ({ caller: { tenant }, query }) => {
      const period = checkPeriod(query)
      if (E.isLeft(period)) return period
      const report = await deps.asReader(tenant, (client) => reported(client, tenant, query))
      return E.isLeft(report) ? report : ok(report.right)
    }),
  })
