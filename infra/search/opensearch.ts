import { Client, type ClientOptions, errors } from '@opensearch-project/opensearch'
import { decodeCursor, encodeCursor } from './cursor.ts'
import {
  answered,
  Bulk,
  documentOf,
  Found,
  facetsOf,
  failureOf,
  MultiGet,
  Suggested,
  sourceOf,
} from './opensearch-answer.ts'
import { aliasOf, indexBody, indexOf } from './opensearch-index.ts'
import { searchBody, suggestBody } from './opensearch-query.ts'
import type { ProductDocuments, ProductKey, ProductSearch } from './port.ts'
import { typed } from './words.ts'

export type OpenSearchOptions = {
  /** Base URL of a node or of a domain. */
  readonly node: string
  /** Begins the names of the index and of its alias. */
  readonly indexPrefix: string
  /** What a domain asks of its clients (signing, certificates). */
  readonly connection?: Omit<ClientOptions, 'node' | 'nodes'>
}

/** Milliseconds. A retry is harmless: reads change nothing, and a write that arrives twice meets its own version. */
const PATIENCE = { requestTimeout: 10_000, maxRetries: 3 } as const

/** At most 105 bytes, of the 512 that OpenSearch allows; a tenant holds no '/'. */
const idOf = ({ tenant, sku }: ProductKey): string => `${tenant}/${sku}`

const exists = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.message.includes('resource_already_exists_exception')

/** Index and alias come in one call, so no one ever sees the one without the other. */
const prepare = async (client: Client, indexPrefix: string): Promise<void> => {
  try {
    await client.indices.create({
      index: indexOf(indexPrefix),
      body: { ...indexBody, aliases: { [aliasOf(indexPrefix)]: {} } },
    })
  } catch (error) {
    if (!exists(error)) throw error
  }
}

/**
 * External versions: the engine refuses (409) what is not newer than what it holds. A removed product stays as a tombstone,
 * because the engine forgets the version of a deleted document after 60 s (index.gc_deletes).
 */
const documents = (client: Client, alias: string): ProductDocuments => ({
  write: async (products) => {
    if (products.length === 0) return []
    const { body } = await client.bulk({
      index: alias,
      // Else a bulk before `prepare` would make an index of the alias's name, without the mapping.
      require_alias: true,
      body: products.flatMap(({ tenant, sku, version, document }) => [
        { index: { _id: idOf({ tenant, sku }), version, version_type: 'external' } },
        sourceOf(tenant, sku, document),
      ]),
    })
    const { items } = answered(Bulk, body)
    return products
      .map(({ tenant, sku }, at) => failureOf({ tenant, sku }, items[at]?.index))
      .filter((failure) => failure !== undefined)
  },
  read: async (keys) => {
    if (keys.length === 0) return []
    const { body } = await client.mget({ index: alias, body: { ids: keys.map(idOf) } })
    return answered(MultiGet, body).docs.flatMap((doc) => {
      if (!doc.found) return []
      const { tenant, sku } = doc._source
      return [{ tenant, sku, version: doc._version, document: doc._source.deleted ? null : documentOf(doc._source) }]
    })
  },
})

const searching = (client: Client, alias: string): Pick<ProductSearch, 'search' | 'suggest'> => ({
  search: async (query) => {
    const body = searchBody(query, typed(query.q), decodeCursor(query))
    const answer = await client.search({ index: alias, body, allow_partial_search_results: false })
    const { hits, aggregations } = answered(Found, answer.body)
    const page = hits.hits.slice(0, query.limit)
    const last = hits.hits.length > query.limit ? page.at(-1) : undefined
    return {
      items: page.map(({ _source, _version }) => ({ ...documentOf(_source), version: _version })),
      total: hits.total.value,
      facets: { category: facetsOf(aggregations) },
      nextCursor: last === undefined ? null : encodeCursor(query, { score: last._score, sku: last._source.sku }),
    }
  },
  suggest: async (tenant, prefix, limit) => {
    const { words } = typed(prefix)
    if (words.length === 0) return []
    const body = suggestBody(tenant, prefix.trim(), words, limit)
    const answer = await client.search({ index: alias, body, allow_partial_search_results: false })
    return answered(Suggested, answer.body).hits.hits.map(({ _source }) => _source.name)
  },
})

/** Product search on OpenSearch (verified on 3.8). */
export const openSearchProducts = ({ node, indexPrefix, connection }: OpenSearchOptions): ProductSearch => {
  const client = new Client({ ...PATIENCE, ...connection, node })
  const alias = aliasOf(indexPrefix)
  return {
    engine: 'opensearch',
    prepare: () => prepare(client, indexPrefix),
    ...documents(client, alias),
    ...searching(client, alias),
    refresh: async () => {
      await client.indices.refresh({ index: alias })
    },
    ready: async () => {
      try {
        const { body } = await client.cluster.health(
          { index: alias, wait_for_status: 'yellow', timeout: '1s' },
          { maxRetries: 0, requestTimeout: 2_000 },
        )
        return !body.timed_out && body.status !== 'red'
      } catch {
        return false
      }
    },
    close: () => client.close(),
  }
}
