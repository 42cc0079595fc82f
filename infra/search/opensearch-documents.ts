import type { Client } from '@opensearch-project/opensearch'
import { answered, Bulk, documentOf, failureOf, MultiGet, sourceOf } from './opensearch-answer.ts'
import type { ProductDocuments, ProductKey } from './port.ts'

/** At most 105 bytes, of the 512 that OpenSearch allows; a tenant holds no '/'. */
const idOf = ({ tenant, sku }: ProductKey): string => `${tenant}/${sku}`

/**
 * External versions: the engine refuses (409) what is not newer than what it holds. A removed product stays as a tombstone,
 * because the engine forgets the version of a deleted document after 60 s (index.gc_deletes).
 */
export const openSearchDocuments = (client: Client, alias: string): ProductDocuments => ({
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
