import type { ProcessStepEvent } from '../../schemas/events/process-step.ts'
import type { Decider } from '../decider.ts'
import { decide, type ProcessStepCommand } from './decide.ts'
import { evolve } from './evolve.ts'
import type { ProcessStepRejection } from './rejections.ts'
import { initial, type ProcessStepState } from './state.ts'

export type { ProcessStepCommand, ProcessStepRejection, ProcessStepState }

/** A step that a process has to take, as far as it gave rise to something: it is open until the domain refuses it. */
export const processStep: Decider<ProcessStepState, ProcessStepCommand, ProcessStepEvent, ProcessStepRejection> = {
  initial,
  evolve,
  decide,
}
