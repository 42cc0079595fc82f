import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { commandRequest } from '../../commands/command-request.ts'
import { executeCommand } from '../../commands/execute-command.ts'
import { idOfStep, processSteps } from '../../commands/processes/process-steps.ts'
import { commandApi } from './api.ts'

const step = { process: 'invoicing', kind: 'issue', subject: '536365' }
const id = idOfStep(step)

test('a step that is set aside is reopened once, by who may write, with the reason', async () => {
  const { post, store } = commandApi()
  const command = { type: 'RefuseStep', step, reason: 'invoice_id_taken' } as const
  const actor = { subject: 'process:invoicing', roles: ['integration'] }
  const refusing = commandRequest(processSteps, { tenant: 'acme', id, command, commandId: 'one', actor })
  expect(E.isRight(await executeCommand({ store, backOff: async () => {} })(processSteps, refusing))).toBe(true)
  const path = `/v1/process-steps/${id}/reopening`
  const reason = { reason: 'the other invoice was voided' }
  expect((await post(path, reason, { Authorization: 'Bearer acme:auditor' })).status).toBe(403)
  expect((await post(path, reason, { Authorization: 'Bearer other:admin' })).body.code).toBe('step_not_set_aside')
  expect(await post(path, {})).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason' }] } })
  expect(await post(path, reason)).toMatchObject({ status: 200, body: { id, version: 2 } })
  expect(store.commits().at(-1)?.events).toEqual([
    { type: 'StepReopened', schemaVersion: 1, data: { ...step, ...reason } },
  ])
  expect(await post(path, reason)).toMatchObject({ status: 409, body: { code: 'step_not_set_aside' } })
})
