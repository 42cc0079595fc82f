import type * as t from 'io-ts'
import { Images } from '../images.ts'
import { Price } from '../money.ts'
import { nullable } from '../nullable.ts'
import { Name, Reason, Sku } from '../text.ts'
import { event } from './event.ts'
import { upcaster, upcasting } from './upcasting.ts'

/** An earlier version's codec stands by itself: what changes in today's must not change it. */
const ProductAdded1 = event('ProductAdded', { sku: Sku, name: Name, category: nullable(Name), price: Price })
export const ProductAdded = event(
  'ProductAdded',
  { sku: Sku, name: Name, category: nullable(Name), price: Price, images: Images },
  2,
)
export const ProductPriceChanged = event('ProductPriceChanged', { price: Price })
export const ProductDiscontinued = event('ProductDiscontinued', { reason: Reason })

export const ProductEvent = upcasting(
  'ProductEvent',
  [ProductAdded, ProductPriceChanged, ProductDiscontinued],
  [upcaster(ProductAdded1, ProductAdded, (data) => ({ ...data, images: [] }))],
)
export type ProductEvent = t.TypeOf<typeof ProductEvent>
