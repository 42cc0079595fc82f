import { keyOf } from '../../projections/search-project.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import type { ParkedStreams } from '../views/port.ts'
import type { ProgressIn } from '../views/waiting.ts'
import type { ProductDocuments } from './port.ts'

/** How far the serving index is: a document's version is its checkpoint, and its stream is named by its SKU. */
export const productProgress =
  (search: Pick<ProductDocuments, 'read'>, { areParked }: Pick<ParkedStreams, 'areParked'>): ProgressIn =>
  async (streams) => {
    const held = await search.read(streams.map(({ tenant, id }) => ({ tenant, sku: id })))
    const parked = await areParked(productSearch.name, streams)
    const versions = new Map(held.map((product) => [keyOf(product), product.version]))
    return streams.map((stream, at) => ({
      checkpoint: versions.get(partitionKeyOf(stream)) ?? 0,
      parked: parked[at] === true,
    }))
  }
