import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import {
  InvalidCursor,
  type ProductHit,
  type ProductPage,
  type ProductQuery,
  type ProductSearch,
} from '../../infra/search/port.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import type { Problem } from '../../schemas/problem.ts'
import { Name, Sku, text } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS } from '../consistency.ts'
import { Cursor, INVALID_CURSOR, invalidCursor } from '../cursor.ts'

import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import { Count, ok, Version } from '../replies.ts'
import { money } from '../rows.ts'
import { productIndex } from './product-index.ts'
import type { SearchDeps } from './search-deps.ts'

const Hit = t.strict(
  { id: Sku, sku: Sku, name: Name, category: nullable(Name), price: Price, version: Version },
  'ProductHit',
)

const Facet = t.strict({ value: nullable(t.string), count: Count }, 'Facet')

const SearchPage = t.strict(
  {
    items: t.readonlyArray(Hit),
    total: Count,
    facets: t.strict({ category: t.readonlyArray(Facet) }),
    nextCursor: nullable(Cursor),
  },
  'ProductSearchPage',
)

const Query = t.exact(t.partial({ q: text(0, 200), category: Name, limit: Limit, cursor: Cursor }))

const hitOf = ({ sku, name, category, price, currency, version }: ProductHit): t.TypeOf<typeof Hit> => ({
  id: sku,
  sku,
  name,
  category,
  price: money(price, currency),
  version,
})

/** The index makes its own cursors and knows those that are not of this query. */
const found = async (
  search: Pick<ProductSearch, 'search'>,
  query: ProductQuery,
): Promise<E.Either<Problem, ProductPage>> => {
  try {
    return E.right(await search.search(query))
  } catch (error) {
    if (error instanceof InvalidCursor) return E.left(invalidCursor)
    throw error
  }
}

/** Full-text search over products. */
export const searchProducts = (deps: SearchDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/search/products',
    operationId: 'searchProducts',
    summary: 'Products by name, SKU and category; tolerates a typo',
    tag: 'Search',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: t.strict({}),
    query: Query,
    body: t.unknown,
    reply: { status: 200, description: 'A page of hits with the counts of all', body: SearchPage },
    handle: afterToken(deps.clock, [productIndex(deps)], async ({ caller: { tenant }, query }) => {
      const { q = '', limit = DEFAULT_LIMIT, category, cursor } = query
      const page = await found(deps.search, {
        tenant,
        q,
        limit,
        ...(category !== undefined && { category }),
        ...(cursor !== undefined && { cursor }),
      })
      if (E.isLeft(page)) return page
      const { items, total, facets, nextCursor } = page.right
      return ok({ items: items.map(hitOf), total, facets, nextCursor })
    }),
  })
