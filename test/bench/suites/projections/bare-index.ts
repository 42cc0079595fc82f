import { Client } from '@opensearch-project/opensearch'
import { indexBody } from '../../../../infra/search/opensearch-index.ts'
import type { ProductDocument } from '../../../../infra/search/port.ts'
import { productOf } from '../../products.ts'

/** Of Daybook's own index in the benchmark. */
export const INDEX_PREFIX = 'bench-'

const WRITERS = 4

/** An index with the mapping of Daybook's, written to by bulk requests and nothing else. */
export const bareIndex = async (node: string, name: string, cleanUp: AsyncDisposableStack) => {
  const client = new Client({ node })
  cleanUp.defer(() => client.close())
  await client.indices.create({ index: name, body: indexBody })
  const bulk = async (tenant: string, documents: ReadonlyArray<ProductDocument>): Promise<void> => {
    const { body } = await client.bulk({
      index: name,
      body: documents.flatMap((document) => [
        { index: { _id: `${tenant}/${document.sku}` } },
        { ...document, tenant, deleted: false },
      ]),
    })
    if (body.errors) throw new Error('the index refused documents')
  }
  /** The final documents of products 0 to `count - 1`, `size` in a request, and a refresh in the end. */
  const fill = async (tenant: string, count: number, size: number): Promise<void> => {
    let next = 0
    const writer = async (): Promise<void> => {
      while (next < count) {
        const from = next
        next += size
        await bulk(
          tenant,
          Array.from({ length: Math.min(size, count - from) }, (_, nth) => productOf(from + nth)),
        )
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, writer))
    await client.indices.refresh({ index: name })
  }
  return { bulk, fill }
}
