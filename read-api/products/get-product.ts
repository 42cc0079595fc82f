import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { products } from '../../projections/views/products.ts'
import { stock } from '../../projections/views/stock.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { problem } from '../../schemas/problem.ts'
import { Sku } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import type { ReadDeps } from '../read-deps.ts'
import { versioned } from '../replies.ts'
import { select } from '../rows.ts'
import { Product, ProductRow, productOf, SELECT_PRODUCTS } from './product.ts'

const PRODUCT_NOT_FOUND = { status: 404, code: 'product_not_found' } as const

const productNotFound = problem(404, PRODUCT_NOT_FOUND.code, 'There is no such product')

const SQL = `${SELECT_PRODUCTS}
   WHERE p.tenant = $1 AND p.sku = $2`

/** A product with its stock on hand. */
export const getProduct = (deps: ReadDeps): Operation => {
  const views = [tablesOf(deps, products), tablesOf(deps, stock)]
  return operation({
    method: 'GET',
    path: '/v1/products/{sku}',
    operationId: 'getProduct',
    summary: 'A product with its stock on hand',
    tag: 'Products',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [PRODUCT_NOT_FOUND, ...CONSISTENCY_PROBLEMS],
    params: t.strict({ sku: Sku }),
    query: t.strict({}),
    body: t.unknown,
    reply: { status: 200, description: 'The product', body: Product },
    handle: afterToken(deps.clock, views, async ({ caller: { tenant }, params: { sku } }) => {
      const [row] = await select(deps.readsOf(tenant), ProductRow, SQL, [tenant, sku])
      return row === undefined ? E.left(productNotFound) : versioned(productOf(row))
    }),
  })
}
