import type * as t from 'io-ts'
import { Lines } from '../lines.ts'
import { Currency, NonNegativeDecimal } from '../money.ts'
import { nullable } from '../nullable.ts'
import { subjectId } from '../personal.ts'
import { ClientId, Country, Reason } from '../text.ts'
import { Instant } from '../time.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

const sale = {
  customerId: nullable(subjectId(ClientId)),
  country: nullable(Country),
  currency: Currency,
  placedAt: Instant,
  lines: Lines,
  total: NonNegativeDecimal,
}

export const OrderPlaced = event('OrderPlaced', { orderId: ClientId, ...sale })

/** Carries the sale that it takes back, so that a view of shared totals can subtract it without looking anything up. */
export const OrderCancelled = event('OrderCancelled', {
  orderId: ClientId,
  reason: Reason,
  cancelledAt: Instant,
  ...sale,
})

export const OrderEvent = upcasting('OrderEvent', [OrderPlaced, OrderCancelled])
export type OrderEvent = t.TypeOf<typeof OrderEvent>
