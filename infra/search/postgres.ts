import type { Pool } from 'pg'
import { asReader } from '../postgres/reader.ts'
import type { ProductKey, ProductSearch, VersionedProduct } from './port.ts'
import { readProducts, SERVING_TABLE } from './postgres-documents.ts'
import { completions, searchPage } from './postgres-search.ts'
import { writeProducts } from './postgres-write.ts'

const read = async (pool: Pool, keys: ReadonlyArray<ProductKey>): Promise<ReadonlyArray<VersionedProduct>> => {
  const products: VersionedProduct[] = []
  for (const [tenant, ofTenant] of Map.groupBy(keys, (key) => key.tenant)) {
    products.push(...(await asReader(pool, tenant, (client) => readProducts(client, SERVING_TABLE, ofTenant))))
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
  write: (products) => writeProducts(pool, SERVING_TABLE, products),
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
