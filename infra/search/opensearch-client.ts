import { Client, type ClientOptions } from '@opensearch-project/opensearch'

export type OpenSearchOptions = {
  /** Base URL of a node or of a domain. */
  readonly node: string
  /** Begins the names of the indexes and of their aliases. */
  readonly indexPrefix: string
  /** What a domain asks of its clients (signing, certificates). */
  readonly connection?: Omit<ClientOptions, 'node' | 'nodes'>
}

/** Milliseconds. A retry is harmless: reads change nothing, and a write that arrives twice meets its own version. */
const PATIENCE = { requestTimeout: 10_000, maxRetries: 3 } as const

export const openSearchClient = ({ node, connection }: OpenSearchOptions): Client =>
  new Client({ ...PATIENCE, ...connection, node })
