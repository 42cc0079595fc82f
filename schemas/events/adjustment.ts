import type * as t from 'io-ts'
import { Money } from '../money.ts'
import { nullable } from '../nullable.ts'
import { subjectId } from '../personal.ts'
import { ClientId, Country, Reason } from '../text.ts'
import { Instant } from '../time.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

const AdjustmentBooked = event('AdjustmentBooked', {
  adjustmentId: ClientId,
  customerId: nullable(subjectId(ClientId)),
  country: nullable(Country),
  amount: Money,
  reason: Reason,
  bookedAt: Instant,
})

export const AdjustmentEvent = upcasting('AdjustmentEvent', [AdjustmentBooked])
export type AdjustmentEvent = t.TypeOf<typeof AdjustmentEvent>
