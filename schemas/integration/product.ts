import type { ProductEvent } from '../events/product.ts'
import { Price } from '../money.ts'
import { nullable } from '../nullable.ts'
import { Name, Sku } from '../text.ts'
import { type Publishing, publicEvent } from './public-event.ts'

const product = { sku: Sku, name: Name, category: nullable(Name), price: Price }

/** A product's stream is named by its SKU, which not every one of its events repeats. */
export const productPublishing: Publishing<ProductEvent> = {
  ProductAdded: publicEvent('com.daybook.product.added.v1', product, ({ data }) => data),
  ProductPriceChanged: publicEvent(
    'com.daybook.product.price-changed.v1',
    { sku: Sku, price: Price },
    ({ data }, sku) => ({ sku, price: data.price }),
  ),
  ProductDiscontinued: publicEvent('com.daybook.product.discontinued.v1', { sku: Sku }, (_, sku) => ({ sku })),
}
