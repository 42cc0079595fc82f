import { stock } from '../../projections/views/stock.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { tablesOf } from '../consistency.ts'
import { getEntity, pastFromEvents } from '../get-entity.ts'
import type { ReadDeps } from '../read-deps.ts'
import { select } from '../rows.ts'
import { stockEntity } from './stock-entity.ts'
import { levelOf, SELECT_STOCK, StockLevel, StockRow } from './stock-level.ts'

const SQL = `${SELECT_STOCK} WHERE tenant = $1 AND sku = $2`

/** What is on hand of a SKU, whether or not there is a product of it. */
export const getStock = (deps: ReadDeps): Operation =>
  getEntity(deps, stockEntity, 'What is on hand of a SKU', StockLevel, {
    views: [tablesOf(deps, stock)],
    now: async (tenant, sku) => {
      const [row] = await select(deps.readsOf(tenant), StockRow, SQL, [tenant, sku])
      return row === undefined ? null : levelOf(row)
    },
    past: pastFromEvents(deps, stockEntity),
  })
