import type { AdjustmentEvent } from '../events/adjustment.ts'
import type { Publishing } from './public-event.ts'

/** Bookkeeping of the house: an adjustment of bad debt says more about a customer than others should know. */
export const adjustmentPublishing: Publishing<AdjustmentEvent> = { AdjustmentBooked: 'internal' }
