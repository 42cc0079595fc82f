import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { Decider } from '../decider.ts'
import { type AdjustmentCommand, decide } from './decide.ts'
import { evolve } from './evolve.ts'
import type { AdjustmentRejection } from './rejections.ts'
import { type AdjustmentState, initial } from './state.ts'

export type { AdjustmentCommand, AdjustmentRejection, AdjustmentState }

export const adjustment: Decider<AdjustmentState, AdjustmentCommand, AdjustmentEvent, AdjustmentRejection> = {
  initial,
  evolve,
  decide,
}
