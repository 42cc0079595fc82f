import type { Pool } from 'pg'
import { asReader } from '../postgres/reader.ts'
import type { ProductKey, ProductSearch, VersionedProduct } from './port.ts'
import { completions, searchPage } from './postgres-search.ts'
import { writeProducts } from './postgres-write.ts'

type Row = {
  readonly tenant: string
  readonly sku: string
  readonly version: number
  readonly name: string | null
  readonly category: string | null
  readonly price: string
  readonly currency: string
}

const READ = `
SELECT tenant, sku, version, name, category, price, currency FROM product_search WHERE tenant = $1 AND sku = ANY ($2)`

const productOf = ({ tenant, sku, version, name, category, price, currency }: Row): VersionedProduct => ({
  tenant,
  sku,
  version,
  document: name === null ? null : { sku, name, category, price, currency },
})

const read = async (pool: Pool, keys: ReadonlyArray<ProductKey>): Promise<ReadonlyArray<VersionedProduct>> => {
  const byTenant = Map.groupBy(keys, ({ tenant }) => tenant)
  const products: VersionedProduct[] = []
  for (const [tenant, ofTenant] of byTenant) {
    const skus = ofTenant.map(({ sku }) => sku)
    const { rows } = await asReader(pool, tenant, (client) => client.query<Row>(READ, [tenant, skus]))
    products.push(...rows.map(productOf))
  }
  return products
}

/**
 * Product search in Postgres, for machines without OpenSearch. A query reads all of its tenant's products: meant for catalogues
 * of some ten thousand.
 * @param pool whose connections may act as `daybook_projector` where it writes; the caller closes it.
 */
export const postgresProducts = ({ pool }: { readonly pool: Pool }): ProductSearch => ({
  engine: 'postgres',
  // The migrations made the table.
  prepare: async () => {},
  write: (products) => writeProducts(pool, products),
  read: (keys) => read(pool, keys),
  // A committed row is visible at once.
  refresh: async () => {},
  search: (query) => asReader(pool, query.tenant, (client) => searchPage(client, query)),
  suggest: (tenant, prefix, limit) => asReader(pool, tenant, (client) => completions(client, tenant, prefix, limit)),
  ready: async () => {
    try {
      await pool.query('SELECT FROM product_search LIMIT 0')
      return true
    } catch {
      return false
    }
  },
  close: async () => {},
})
