import type * as t from 'io-ts'
import { Price } from '../money.ts'
import { nullable } from '../nullable.ts'
import { Name, Reason, Sku } from '../text.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

export const ProductAdded = event('ProductAdded', { sku: Sku, name: Name, category: nullable(Name), price: Price })
export const ProductPriceChanged = event('ProductPriceChanged', { price: Price })
export const ProductDiscontinued = event('ProductDiscontinued', { reason: Reason })

export const ProductEvent = upcasting('ProductEvent', [ProductAdded, ProductPriceChanged, ProductDiscontinued])
export type ProductEvent = t.TypeOf<typeof ProductEvent>
