import type { ProcessStepEvent } from '../../schemas/events/process-step.ts'
import { initial, type ProcessStepState } from './state.ts'

export const evolve = (_: ProcessStepState, { type, data }: ProcessStepEvent): ProcessStepState => {
  switch (type) {
    case 'StepRefused': {
      const { reason: __, ...step } = data
      return { _tag: 'SetAside', step }
    }
    case 'StepReopened':
      return initial
  }
}
