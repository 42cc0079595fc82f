import type { StepName } from '../../schemas/events/process-step.ts'

/** `Open`: the process may take the step, whenever it is due. */
export type ProcessStepState = { readonly _tag: 'Open' } | { readonly _tag: 'SetAside'; readonly step: StepName }

export const initial: ProcessStepState = { _tag: 'Open' }
