import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { stock } from '../../projections/views/stock.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { Sku } from '../../schemas/text.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import type { ReadDeps } from '../read-deps.ts'
import { versioned } from '../replies.ts'
import { select } from '../rows.ts'
import { levelOf, SELECT_STOCK, StockLevel, StockRow } from './stock-level.ts'

const STOCK_NOT_FOUND = { status: 404, code: 'stock_not_found' } as const

const stockNotFound = problem(404, STOCK_NOT_FOUND.code, 'The stock of this SKU was never adjusted')

const SQL = `${SELECT_STOCK} WHERE tenant = $1 AND sku = $2`

/** What is on hand of a SKU, whether or not there is a product of it. */
export const getStock = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/stock/{sku}',
    operationId: 'getStock',
    summary: 'What is on hand of a SKU',
    tag: 'Stock',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [STOCK_NOT_FOUND, ...CONSISTENCY_PROBLEMS],
    params: t.strict({ sku: Sku }),
    query: Nothing,
    body: t.unknown,
    reply: { status: 200, description: 'The stock on hand', body: StockLevel },
    handle: afterToken(deps.clock, [tablesOf(deps, stock)], async ({ caller: { tenant }, params: { sku } }) => {
      const [row] = await select(deps.readsOf(tenant), StockRow, SQL, [tenant, sku])
      return row === undefined ? E.left(stockNotFound) : versioned(levelOf(row))
    }),
  })
