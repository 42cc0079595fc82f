import * as t from 'io-ts'
import { Reason, text } from '../text.ts'
import { event } from './event.ts'
import { upcasting } from './upcasting.ts'

const Name = text(1, 64)

const name = { process: Name, kind: Name, subject: Name }

/** Which step of which process, and what it is about (an order's id, say). */
const StepName = t.readonly(t.strict(name), 'StepName')
export type StepName = t.TypeOf<typeof StepName>

/** The domain will not have the step: it is set aside until somebody reopens it. `reason`: a problem's code and title. */
const StepRefused = event('StepRefused', { ...name, reason: Reason })

const StepReopened = event('StepReopened', { ...name, reason: Reason })

export const ProcessStepEvent = upcasting('ProcessStepEvent', [StepRefused, StepReopened])
export type ProcessStepEvent = t.TypeOf<typeof ProcessStepEvent>
