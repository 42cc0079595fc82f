import type * as t from 'io-ts'
import { Quantity, Reason, Sku } from '../text.ts'
import { event } from './event.ts'

export const StockEvent = event('StockAdjusted', { sku: Sku, quantity: Quantity, reason: Reason })
export type StockEvent = t.TypeOf<typeof StockEvent>
