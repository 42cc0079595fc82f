import type { ClientBase, Pool } from 'pg'
import type { ProductKey, VersionedProduct } from './port.ts'

/** The table that serves. */
export const SERVING_TABLE = 'product_search'

type Row = {
  readonly tenant: string
  readonly sku: string
  readonly version: number
  readonly name: string | null
  readonly category: string | null
  readonly price: string
  readonly currency: string
}

const productOf = ({ tenant, sku, version, name, category, price, currency }: Row): VersionedProduct => ({
  tenant,
  sku,
  version,
  document: name === null ? null : { sku, name, category, price, currency },
})

/** Those of the products that the table holds and the connection may see. @param table as it stands in SQL. */
export const readProducts = async (
  queries: Pick<ClientBase | Pool, 'query'>,
  table: string,
  keys: ReadonlyArray<ProductKey>,
): Promise<ReadonlyArray<VersionedProduct>> => {
  const { rows } = await queries.query<Row>(
    `SELECT tenant, sku, version, name, category, price, currency
       FROM ${table} JOIN unnest($1::text[], $2::text[]) AS asked (tenant, sku) USING (tenant, sku)`,
    [keys.map(({ tenant }) => tenant), keys.map(({ sku }) => sku)],
  )
  return rows.map(productOf)
}
