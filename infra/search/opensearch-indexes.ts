import type { Client } from '@opensearch-project/opensearch'
import { newUlid } from '../ulids.ts'
import { type Action, changeAliases, prepareIndex, standing } from './opensearch-aliases.ts'
import { answered, HeldPage } from './opensearch-answer.ts'
import { type OpenSearchOptions, openSearchClient } from './opensearch-client.ts'
import { openSearchDocuments } from './opensearch-documents.ts'
import { aliasOf, indexBody, indexOf, WHILE_FILLING, WHILE_SERVING } from './opensearch-index.ts'
import type { Generation, Held, ProductIndexes } from './port.ts'

/** Products a page. */
const PAGE = 2_000

const held = async function* (client: Client, index: string): AsyncGenerator<ReadonlyArray<Held>> {
  await client.indices.refresh({ index })
  for (let after: [string, string] | undefined; ; ) {
    const answer = await client.search({
      index,
      body: {
        size: PAGE,
        version: true,
        _source: ['tenant', 'sku', 'deleted'],
        sort: [{ tenant: 'asc' }, { sku: 'asc' }],
        ...(after !== undefined && { search_after: after }),
      },
      allow_partial_search_results: false,
    })
    const { hits } = answered(HeldPage, answer.body).hits
    yield hits.map(({ _source, _version: version }) => ({ ..._source, version }))
    const last = hits.at(-1)
    if (last === undefined || hits.length < PAGE) return
    after = [last._source.tenant, last._source.sku]
  }
}

/** Each generation stands under an alias of its own, and aliases change hands in one atomic call. */
const generationsOf = (client: Client, prefix: string): Omit<ProductIndexes, 'documents' | 'held'> => {
  const alias = (generation: Generation) => aliasOf(prefix, generation)
  /** Asks once: while the switch asks, projectors wait. */
  const indexes = async () => {
    const found = await standing(client, prefix)
    return {
      next: found.get(alias('next')),
      serving: found.get(alias('serving')),
      previous: found.get(alias('previous')),
    }
  }
  const removing = (index: string | undefined): Action[] => (index === undefined ? [] : [{ remove_index: { index } }])
  const moving = (index: string, from: Generation, to: Generation): Action[] => [
    { remove: { index, alias: alias(from) } },
    { add: { index, alias: alias(to) } },
  ]
  const dropNext = async () => changeAliases(client, removing((await indexes()).next))
  return {
    dropNext,
    has: async (generation) => (await indexes())[generation] !== undefined,
    // Whatever mapping an index was made with, it keeps it; the version that built it tells whether it is today's.
    fits: async () => true,
    createNext: async () => {
      await prepareIndex(client, prefix)
      await dropNext()
      const { settings, mappings } = indexBody
      const body = {
        settings: { ...settings, index: { ...settings?.index, ...WHILE_FILLING } },
        ...(mappings && { mappings }),
        aliases: { [alias('next')]: {} },
      }
      await client.indices.create({ index: indexOf(prefix, newUlid().toLowerCase()), body })
    },
    finishNext: async () => {
      const index = alias('next')
      await client.indices.putSettings({ index, body: { index: WHILE_SERVING } })
      await client.indices.refresh({ index })
    },
    takeUpPrevious: async () => {
      const { next, previous } = await indexes()
      if (previous === undefined) throw new Error('there is no previous index')
      await changeAliases(client, [...removing(next), ...moving(previous, 'previous', 'next')])
    },
    serveNext: async () => {
      const { next, serving, previous } = await indexes()
      if (next === undefined || serving === undefined) throw new Error('there is no index that could start to serve')
      // Else what was written to it last would be found a moment later than in the one that served.
      await client.indices.refresh({ index: next })
      await changeAliases(client, [
        ...removing(previous),
        ...moving(serving, 'serving', 'previous'),
        ...moving(next, 'next', 'serving'),
      ])
    },
  }
}

/** Generations of the search index on OpenSearch (verified on 3.8). */
export const openSearchIndexes = (
  options: OpenSearchOptions,
): ProductIndexes & { readonly close: () => Promise<void> } => {
  const client = openSearchClient(options)
  const alias = (generation: Generation) => aliasOf(options.indexPrefix, generation)
  return {
    ...generationsOf(client, options.indexPrefix),
    documents: (generation) => openSearchDocuments(client, alias(generation)),
    held: (generation) => held(client, alias(generation)),
    close: () => client.close(),
  }
}
