import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { AdjustmentState } from './state.ts'

export const evolve = (_state: AdjustmentState, _event: AdjustmentEvent): AdjustmentState => ({ _tag: 'Booked' })
