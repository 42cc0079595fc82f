import { productSearch } from '../../projections/views/product-search.ts'
import type { View } from '../consistency.ts'
import type { SearchDeps } from './search-deps.ts'

/** The product index: a document carries its stream's version. Searches see it only after a refresh. */
export const productIndex = ({ search }: Pick<SearchDeps, 'search'>): View => ({
  streamTypes: productSearch.streamTypes,
  holds: async (tenant, token) => {
    const [product] = await search.read([{ tenant, sku: token.streamId }])
    if (product === undefined || product.version < token.version) return false
    await search.refresh()
    return true
  },
})
