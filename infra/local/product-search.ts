import type { Pool } from 'pg'
import { openSearchProducts } from '../search/opensearch.ts'
import type { ProductSearch } from '../search/port.ts'
import { postgresProducts } from '../search/postgres.ts'
import type { Settings } from './settings.ts'

/** The search engine that this instance runs on: OpenSearch where there is one, otherwise Postgres. */
export const productSearch = ({ opensearchUrl }: Pick<Settings, 'opensearchUrl'>, pool: Pool): ProductSearch =>
  opensearchUrl === undefined
    ? postgresProducts({ pool })
    : openSearchProducts({ node: opensearchUrl, indexPrefix: 'daybook-' })
