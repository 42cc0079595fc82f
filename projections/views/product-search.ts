import type { ProductEvent } from '../../schemas/events/product.ts'
import { patch, put, remove } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

/** Documents of the search index rather than rows of a table; what they hold is a `ProductDocument`. */
const documents: Table = {
  name: 'product-search',
  rows: 'owned',
  key: { tenant: 'text', sku: 'text' },
  columns: { name: 'text', category: 'text', price: 'numeric', currency: 'text' },
}

/** The products on sale, as they are searched; a product's stream is named by its SKU. */
export const productSearch: Projection<ProductEvent> = {
  name: 'product-search',
  version: 1,
  streamTypes: ['product'],
  tables: [documents],
  on: {
    ProductAdded: ({ tenant, streamId, event: { data } }) => [
      put(
        'product-search',
        { tenant, sku: streamId },
        { name: data.name, category: data.category, price: data.price.amount, currency: data.price.currency },
      ),
    ],
    ProductPriceChanged: ({ tenant, streamId, event: { data } }) => [
      patch('product-search', { tenant, sku: streamId }, { price: data.price.amount, currency: data.price.currency }),
    ],
    ProductDiscontinued: ({ tenant, streamId }) => [remove('product-search', { tenant, sku: streamId })],
  },
}
