import type * as t from 'io-ts'
import { Quantity, Reason, Sku } from '../text.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

const StockAdjusted = event('StockAdjusted', { sku: Sku, quantity: Quantity, reason: Reason })

export const StockEvent = upcasting('StockEvent', [StockAdjusted])
export type StockEvent = t.TypeOf<typeof StockEvent>
