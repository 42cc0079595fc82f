import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { products } from '../../projections/views/products.ts'
import { stock } from '../../projections/views/stock.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Name, Sku } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { select } from '../rows.ts'
import { Product, ProductRow, ProductStatus, productOf, SELECT_PRODUCTS } from './product.ts'

const Query = t.exact(t.partial({ category: Name, status: ProductStatus, limit: Limit, cursor: Cursor }))

const SQL = `${SELECT_PRODUCTS}
   WHERE p.tenant = $1
     AND ($2::text IS NULL OR p.category = $2)
     AND ($3::text IS NULL OR p.status = $3)
     AND ($4::text IS NULL OR p.sku > $4)
   ORDER BY p.sku
   LIMIT $5`

/** Products by SKU, in the order of its bytes. */
export const listProducts = (deps: ReadDeps): Operation => {
  const views = [tablesOf(deps, products), tablesOf(deps, stock)]
  return operation({
    method: 'GET',
    path: '/v1/products',
    operationId: 'listProducts',
    summary: 'Products by SKU, with their stock on hand',
    tag: 'Products',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: t.strict({}),
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of products',
      body: t.strict({ items: t.readonlyArray(Product), nextCursor: nullable(Cursor) }, 'ProductPage'),
    },
    handle: afterToken(deps.clock, views, async ({ caller: { tenant }, query }) => {
      const { category = null, status = null, limit = DEFAULT_LIMIT } = query
      const scope: CursorScope = ['products', category, status]
      const after = decodeCursor(Sku, scope, query.cursor)
      if (E.isLeft(after)) return after
      const values = [tenant, category, status, after.right ?? null, limit + 1]
      const rows = await select(deps.readsOf(tenant), ProductRow, SQL, values)
      const page = pageOf(rows, limit, ({ sku }) => encodeCursor(scope, sku))
      return ok({ items: page.items.map(productOf), nextCursor: page.nextCursor })
    }),
  })
}
