import { test } from 'vitest'
import { type ProcessStepCommand, processStep } from '../../domain/process-step/index.ts'
import type { ProcessStepEvent } from '../../schemas/events/process-step.ts'
import { givenFor, happened, rejected } from './given.ts'

const given = givenFor(processStep)
const step = { process: 'invoicing', kind: 'issue', subject: '536365' }
const refuse: ProcessStepCommand = { type: 'RefuseStep', step, reason: 'invoice_id_taken' }
const reopen: ProcessStepCommand = { type: 'ReopenStep', reason: 'the other invoice was voided' }
const refused: ProcessStepEvent = {
  type: 'StepRefused',
  schemaVersion: 1,
  data: { ...step, reason: 'invoice_id_taken' },
}
const reopened: ProcessStepEvent = {
  type: 'StepReopened',
  schemaVersion: 1,
  data: { ...step, reason: 'the other invoice was voided' },
}

test('a step that is refused is set aside, once', () => {
  given().when(refuse).then(happened(refused))
  given(refused).when(refuse).then(rejected('StepIsSetAside'))
})

test('a step that is set aside can be reopened, says which one it is, and may be refused again', () => {
  given(refused).when(reopen).then(happened(reopened))
  given().when(reopen).then(rejected('StepNotSetAside'))
  given(refused, reopened).when(reopen).then(rejected('StepNotSetAside'))
  given(refused, reopened).when(refuse).then(happened(refused))
})
