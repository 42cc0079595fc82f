import type { Pool } from 'pg'
import { INDEX_PREFIX } from '../names.ts'
import { openSearchProducts } from '../search/opensearch.ts'
import { openSearchIndexes } from '../search/opensearch-indexes.ts'
import type { ProductIndexes, ProductSearch } from '../search/port.ts'
import { postgresProducts } from '../search/postgres.ts'
import { postgresIndexes } from '../search/postgres-indexes.ts'
import type { Settings } from './settings.ts'

/** The search engine that this instance runs on: OpenSearch where there is one, otherwise Postgres. */
export const productSearch = ({ opensearchUrl }: Pick<Settings, 'opensearchUrl'>, pool: Pool): ProductSearch =>
  opensearchUrl === undefined
    ? postgresProducts({ pool })
    : openSearchProducts({ node: opensearchUrl, indexPrefix: INDEX_PREFIX })

/** The generations of its index. @param pool of the tables' owner; the caller closes it. */
export const productIndexes = (
  { opensearchUrl }: Pick<Settings, 'opensearchUrl'>,
  pool: Pool,
): ProductIndexes & { readonly close: () => Promise<void> } =>
  opensearchUrl === undefined
    ? { ...postgresIndexes(pool), close: async () => {} }
    : openSearchIndexes({ node: opensearchUrl, indexPrefix: INDEX_PREFIX })
