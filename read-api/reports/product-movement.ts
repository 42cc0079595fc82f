import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { productMovement as view } from '../../projections/views/product-movement.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import type { Problem } from '../../schemas/problem.ts'
import { Sku } from '../../schemas/text.ts'
import { Day } from '../../schemas/time.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { BusinessDay, checkPeriod, DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { DayMovement, type MovementFilter, movementDays, movementTotal, TotalMovement } from './movement-figures.ts'

const Query = t.exact(t.partial({ from: BusinessDay, to: BusinessDay, limit: Limit, cursor: Cursor }))
type Query = t.TypeOf<typeof Query>

export const ProductMovement = t.strict(
  { sku: Sku, rows: t.readonlyArray(DayMovement), total: TotalMovement, nextCursor: nullable(Cursor) },
  'ProductMovement',
)
type ProductMovement = t.TypeOf<typeof ProductMovement>

const reported = async (
  asked: Asked,
  filter: MovementFilter,
  { limit = DEFAULT_LIMIT, cursor }: Query,
): Promise<E.Either<Problem, ProductMovement>> => {
  const { sku, from, to } = filter
  const scope: CursorScope = ['product-movement', sku, from, to]
  const after = decodeCursor(Day, scope, cursor)
  if (E.isLeft(after)) return after
  const total = await movementTotal(asked, filter)
  const days = await movementDays(asked, filter, after.right ?? null, limit + 1)
  const { items, nextCursor } = pageOf(days, limit, ({ day }) => encodeCursor(scope, day))
  return E.right({ sku, rows: items, total, nextCursor })
}

/**
 * What moved of a SKU on each day (UTC), in pieces, whether or not there is a product of it: sold when its order was placed, cancelled
 * when that was cancelled, credited when the credit note was issued, adjusted when the stock adjustment was recorded.
 */
export const productMovement = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/products/{sku}/movement',
    operationId: 'getProductMovement',
    summary: 'What was sold, cancelled, credited and adjusted of a SKU day by day, and the stock on hand after it',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: t.strict({ sku: Sku }),
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of the days on which it moved, and the total of all; without any movement the total is zero',
      body: ProductMovement,
    },
    handle: afterToken(deps.clock, [tablesOf(deps, view)], async ({ caller: { tenant }, params: { sku }, query }) => {
      const period = checkPeriod(query)
      if (E.isLeft(period)) return period
      const filter = { tenant, sku, from: query.from ?? null, to: query.to ?? null }
      const report = await deps.asReader(tenant, (client) => reported(client, filter, query))
      return E.isLeft(report) ? report : ok(report.right)
    }),
  })
