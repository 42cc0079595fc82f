import { ownerPool } from '../../../infra/postgres/pool.ts'
import { openSearchProducts } from '../../../infra/search/opensearch.ts'
import { openSearchIndexes } from '../../../infra/search/opensearch-indexes.ts'
import { postgresProducts } from '../../../infra/search/postgres.ts'
import { postgresIndexes } from '../../../infra/search/postgres-indexes.ts'
import type { IndexesUnderTest } from '../../contracts/product-indexes.ts'
import { freshName, opensearchUrl } from '../../engines/engines.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'

export type IndexesWithViews = IndexesUnderTest & { readonly database: ViewsDatabase }

/** The engine may outlive this run, and it holds a limited number of indexes. */
export const removeIndexes = async (node: string, prefix: string): Promise<void> => {
  const found: unknown = await (await fetch(new URL(`/${prefix}*/_alias`, node))).json()
  if (typeof found !== 'object' || found === null) return
  for (const index of Object.keys(found)) await fetch(new URL(`/${index}`, node), { method: 'DELETE' })
}

/** A search index of its own on the running OpenSearch, and a database beside it. */
export const onOpenSearch = async (indexPrefix = `${freshName('rebuild')}-`): Promise<IndexesWithViews> => {
  const node = opensearchUrl() ?? 'http://127.0.0.1:9'
  const database = await viewsDatabase()
  const search = openSearchProducts({ node, indexPrefix })
  const indexes = openSearchIndexes({ node, indexPrefix })
  await search.prepare()
  return {
    database,
    search,
    indexes,
    close: async () => {
      await Promise.all([search.close(), indexes.close(), database.close()])
      await removeIndexes(node, indexPrefix)
    },
  }
}

/** A database of its own, with the search in it. */
export const onPostgres = async (): Promise<IndexesWithViews> => {
  const database = await viewsDatabase()
  const pool = ownerPool(database.url)
  return {
    database,
    search: postgresProducts({ pool: database.projector }),
    indexes: postgresIndexes(pool),
    close: async () => {
      await pool.end()
      await database.close()
    },
  }
}

/** Every engine that runs here. */
export const searchEngines: ReadonlyArray<readonly [string, () => Promise<IndexesWithViews>]> = [
  ['Postgres', onPostgres],
  ...(opensearchUrl() === null ? [] : [['OpenSearch', () => onOpenSearch()] as const]),
]
