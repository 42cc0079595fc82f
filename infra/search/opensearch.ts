import type { Client } from '@opensearch-project/opensearch'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { prepareIndex } from './opensearch-aliases.ts'
import { answered, documentOf, Found, facetsOf, Suggested } from './opensearch-answer.ts'
import { type OpenSearchOptions, openSearchClient } from './opensearch-client.ts'
import { openSearchDocuments } from './opensearch-documents.ts'
import { aliasOf } from './opensearch-index.ts'
import { searchBody, suggestBody } from './opensearch-query.ts'
import type { ProductSearch } from './port.ts'
import { typed } from './words.ts'

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
export const openSearchProducts = (options: OpenSearchOptions): ProductSearch => {
  const client = openSearchClient(options)
  const alias = aliasOf(options.indexPrefix, 'serving')
  return {
    engine: 'opensearch',
    prepare: () => prepareIndex(client, options.indexPrefix),
    ...openSearchDocuments(client, alias),
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
