import { products } from '../../projections/views/products.ts'
import { stock } from '../../projections/views/stock.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { by, shownWhen } from '../as-of.ts'
import { tablesOf } from '../consistency.ts'
import { streamOf } from '../entity.ts'
import { getEntity, type Source } from '../get-entity.ts'
import type { ReadDeps } from '../read-deps.ts'
import { select } from '../rows.ts'
import { stockEntity } from '../stock/stock-entity.ts'
import { Product, ProductRow, productOf, SELECT_PRODUCTS } from './product.ts'
import { productEntity } from './product-entity.ts'

const SQL = `${SELECT_PRODUCTS}
   WHERE p.tenant = $1 AND p.sku = $2`

/** Its stock as it was at the time; at a version: as it was when that version came to its end, so that the newest shows today's. */
const pastProduct =
  ({ events }: ReadDeps): Source<Product>['past'] =>
  async (tenant, sku, asOf) => {
    const { shown, until } = await shownWhen(events, productEntity, streamOf(productEntity, tenant, sku), by(asOf))
    if (shown === null) return null
    const stood = asOf._tag === 'Time' ? by(asOf) : ({ time }: { time: string }) => until === null || time < until
    const level = await shownWhen(events, stockEntity, streamOf(stockEntity, tenant, sku), stood)
    return { ...shown, onHand: level.shown?.onHand ?? 0 }
  }

/** A product with its stock on hand. */
export const getProduct = (deps: ReadDeps): Operation =>
  getEntity(deps, productEntity, 'A product with its stock on hand', Product, {
    views: [tablesOf(deps, products), tablesOf(deps, stock)],
    now: async (tenant, sku) => {
      const [row] = await select(deps.readsOf(tenant), ProductRow, SQL, [tenant, sku])
      return row === undefined ? null : productOf(row)
    },
    past: pastProduct(deps),
  })
