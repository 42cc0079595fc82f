import * as E from 'fp-ts/lib/Either.js'
import type { ProcessStepEvent, StepName } from '../../schemas/events/process-step.ts'
import type { ProcessStepRejection } from './rejections.ts'
import type { ProcessStepState } from './state.ts'

type RefuseStep = { readonly type: 'RefuseStep'; readonly step: StepName; readonly reason: string }
type ReopenStep = { readonly type: 'ReopenStep'; readonly reason: string }

export type ProcessStepCommand = RefuseStep | ReopenStep

type Decision = E.Either<ProcessStepRejection, ReadonlyArray<ProcessStepEvent>>

const refuse = ({ step, reason }: RefuseStep, state: ProcessStepState): Decision =>
  state._tag === 'SetAside'
    ? E.left({ _tag: 'StepIsSetAside' })
    : E.right([{ type: 'StepRefused', schemaVersion: 1, data: { ...step, reason } }])

const reopen = ({ reason }: ReopenStep, state: ProcessStepState): Decision =>
  state._tag === 'Open'
    ? E.left({ _tag: 'StepNotSetAside' })
    : E.right([{ type: 'StepReopened', schemaVersion: 1, data: { ...state.step, reason } }])

export const decide = (command: ProcessStepCommand, state: ProcessStepState): Decision =>
  command.type === 'RefuseStep' ? refuse(command, state) : reopen(command, state)
