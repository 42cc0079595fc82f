import { processStep } from '../../domain/process-step/index.ts'
import { jcs } from '../../infra/event-store/canonical.ts'
import { sha256 } from '../../infra/event-store/hash.ts'
import { ProcessStepEvent, type StepName } from '../../schemas/events/process-step.ts'
import { aggregate } from '../aggregate.ts'

export const processSteps = aggregate('process-step', processStep, ProcessStepEvent)

/** Of the stream that tells of a step; the names in it may take three times as much as an id. */
export const idOfStep = (step: StepName): string => sha256(jcs(step)).slice(0, 32)
