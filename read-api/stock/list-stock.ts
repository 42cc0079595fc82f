import { stock } from '../../projections/views/stock.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { Sku } from '../../schemas/text.ts'
import { tablesOf } from '../consistency.ts'
import { listById } from '../list-by-id.ts'
import type { ReadDeps } from '../read-deps.ts'
import { levelOf, SELECT_STOCK, StockLevel, StockRow } from './stock-level.ts'

const SQL = `${SELECT_STOCK}
   WHERE tenant = $1 AND ($2::text IS NULL OR sku > $2)
   ORDER BY sku
   LIMIT $3`

export const listStock = (deps: ReadDeps): Operation =>
  listById(deps, {
    path: '/v1/stock',
    operationId: 'listStock',
    summary: 'What is on hand of every SKU whose stock was ever adjusted',
    tag: 'Stock',
    page: ['StockPage', 'A page of stock levels'],
    views: [tablesOf(deps, stock)],
    sql: SQL,
    row: StockRow,
    item: StockLevel,
    id: Sku,
    idOf: ({ sku }) => sku,
    itemOf: levelOf,
  })
