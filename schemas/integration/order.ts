import type { OrderEvent } from '../events/order.ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { nullable } from '../nullable.ts'
import { ClientId, Country } from '../text.ts'
import { Instant } from '../time.ts'
import { PublicLines } from './lines.ts'
import { type Publishing, publicEvent } from './public-event.ts'

const sale = {
  orderId: ClientId,
  country: nullable(Country),
  currency: Currency,
  placedAt: Instant,
  lines: PublicLines,
  total: NonNegativeDecimal,
}

export const orderPublishing: Publishing<OrderEvent> = {
  OrderPlaced: publicEvent('com.daybook.order.placed.v1', sale, ({ data }) => data),
  /** Carries the sale that it takes back. */
  OrderCancelled: publicEvent('com.daybook.order.cancelled.v1', { ...sale, cancelledAt: Instant }, ({ data }) => data),
}
