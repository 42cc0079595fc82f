import type { StockEvent } from '../events/stock.ts'
import { Quantity, Sku } from '../text.ts'
import { type Publishing, publicEvent } from './public-event.ts'

export const stockPublishing: Publishing<StockEvent> = {
  /** `quantity` is the change, not the level. */
  StockAdjusted: publicEvent('com.daybook.stock.adjusted.v1', { sku: Sku, quantity: Quantity }, ({ data }) => data),
}
