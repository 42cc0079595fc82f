import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { stock } from '../../projections/views/stock.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { Sku } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { select } from '../rows.ts'
import { levelOf, SELECT_STOCK, StockLevel, StockRow } from './stock-level.ts'

const SCOPE: CursorScope = ['stock']

const SQL = `${SELECT_STOCK}
   WHERE tenant = $1 AND ($2::text IS NULL OR sku > $2)
   ORDER BY sku
   LIMIT $3`

/** Stock by SKU, in the order of its bytes. */
export const listStock = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/stock',
    operationId: 'listStock',
    summary: 'What is on hand of every SKU whose stock was ever adjusted',
    tag: 'Stock',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of stock levels',
      body: t.strict({ items: t.readonlyArray(StockLevel), nextCursor: nullable(Cursor) }, 'StockPage'),
    },
    handle: afterToken(deps.clock, [tablesOf(deps, stock)], async ({ caller: { tenant }, query }) => {
      const { limit = DEFAULT_LIMIT } = query
      const after = decodeCursor(Sku, SCOPE, query.cursor)
      if (E.isLeft(after)) return after
      const rows = await select(deps.readsOf(tenant), StockRow, SQL, [tenant, after.right ?? null, limit + 1])
      const page = pageOf(rows, limit, ({ sku }) => encodeCursor(SCOPE, sku))
      return ok({ items: page.items.map(levelOf), nextCursor: page.nextCursor })
    }),
  })
