import type { ProcessStepEvent } from '../events/process-step.ts'
import type { Publishing } from './public-event.ts'

/** How Daybook's own processes fare is nobody else's matter. */
export const processStepPublishing: Publishing<ProcessStepEvent> = {
  StepRefused: 'internal',
  StepReopened: 'internal',
}
