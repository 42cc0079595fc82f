import type { ProductEvent } from '../../schemas/events/product.ts'
import { patch, put } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const productsTable: Table = {
  name: 'products',
  rows: 'owned',
  key: { tenant: 'text', sku: 'text' },
  columns: {
    version: 'bigint',
    status: 'text',
    name: 'text',
    category: 'text',
    price: 'numeric',
    currency: 'text',
    discontinuation_reason: 'text',
    images: 'text',
  },
}

/**
 * The catalogue; a product's stream is named by its SKU. `images` is a JSON array as its text: no query looks into it, and a
 * value of the change algebra stays a scalar, which every interpreter merges, compares and copies alike.
 */
export const products: Projection<ProductEvent> = {
  name: 'products',
  version: 2,
  streamTypes: ['product'],
  tables: [productsTable],
  on: {
    ProductAdded: ({ tenant, streamId, version, event: { data } }) => [
      put(
        'products',
        { tenant, sku: streamId },
        {
          version,
          status: 'active',
          name: data.name,
          category: data.category,
          price: data.price.amount,
          currency: data.price.currency,
          discontinuation_reason: null,
          images: JSON.stringify(data.images),
        },
      ),
    ],
    ProductPriceChanged: ({ tenant, streamId, version, event: { data } }) => [
      patch(
        'products',
        { tenant, sku: streamId },
        { version, price: data.price.amount, currency: data.price.currency },
      ),
    ],
    ProductDiscontinued: ({ tenant, streamId, version, event: { data } }) => [
      patch(
        'products',
        { tenant, sku: streamId },
        { version, status: 'discontinued', discontinuation_reason: data.reason },
      ),
    ],
  },
}
