import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { customerValue } from '../../projections/views/customer-value.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { Currency } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import type { Problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { strict } from '../../schemas/strict.ts'
import { Day } from '../../schemas/time.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { CURRENCY_REQUIRED, oneCurrency } from '../one-currency.ts'
import { BusinessDay, DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { positionOf, RowPosition } from '../row-order.ts'
import { selectOne } from '../rows.ts'
import { CURRENCIES, type CustomerOrder, CustomerValue, customerOf, customerRows, Sort } from './customer-value.ts'

const Query = t.exact(t.partial({ asOf: BusinessDay, currency: Currency, sort: Sort, limit: Limit, cursor: Cursor }))
type Query = t.TypeOf<typeof Query>

export const CustomerReport = t.strict(
  { asOf: Day, rows: t.readonlyArray(CustomerValue), nextCursor: nullable(Cursor) },
  'CustomerReport',
)
type CustomerReport = t.TypeOf<typeof CustomerReport>

/** The day of the report and the place of a page's last row: the pages behind the first are of its day, also after midnight. */
const Position = t.tuple([Day, RowPosition])

const TODAY = `SELECT (now() AT TIME ZONE 'UTC')::date AS day`

const today = async (asked: Asked): Promise<string> => (await selectOne(asked, strict({ day: Day }), TODAY, [])).day

const BY_NET: CustomerOrder = { column: 'net', descending: true }

const reported = async (asked: Asked, tenant: string, query: Query): Promise<E.Either<Problem, CustomerReport>> => {
  const { sort: order = BY_NET, limit = DEFAULT_LIMIT } = query
  const scope: CursorScope = ['customers', query.asOf, query.currency, order.column, order.descending]
  const position = decodeCursor(Position, scope, query.cursor)
  if (E.isLeft(position)) return position
  const chosen = await oneCurrency(asked, tenant, query.currency, CURRENCIES)
  if (E.isLeft(chosen)) return chosen
  const [firstAsOf, after] = position.right ?? [query.asOf, undefined]
  const asOf = firstAsOf ?? (await today(asked))
  const currency = chosen.right
  const rows = await customerRows(asked, { tenant, currency, asOf }, order, after, limit + 1)
  const page = pageOf(rows, limit, (last) => encodeCursor(scope, Position.encode([asOf, positionOf(last, order)])))
  return E.right({ asOf, rows: page.items.map((row) => customerOf(row, currency)), nextCursor: page.nextCursor })
}

/** Recency, frequency and money of every customer with an order up to a business day (UTC) that was not cancelled, in one currency. */
export const customerReport = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/customers',
    operationId: 'getCustomerReport',
    summary: 'Customers by how recently, how often and for how much they ordered, in one currency',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [CURRENCY_REQUIRED, INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of customers, seen from the end of the day `asOf`; today (UTC) when it is not given',
      body: CustomerReport,
    },
    handle: afterToken(deps.clock, [tablesOf(deps, customerValue)], async ({ caller: { tenant }, query }) => {
      const report = await deps.asReader(tenant, (client) => reported(client, tenant, query))
      return E.isLeft(report) ? report : ok(report.right)
    }),
  })
