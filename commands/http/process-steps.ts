import * as E from 'fp-ts/lib/Either.js'
import type { Operation } from '../../schemas/endpoint.ts'
import { IdPath, ReopenStep } from '../../schemas/requests/commands.ts'
import { processSteps } from '../processes/process-steps.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

export const processStepOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'reopenStep',
    path: '/v1/process-steps/{id}/reopening',
    summary: 'Let a process take a step again that was refused and set aside',
    tag: 'Processes',
    params: IdPath,
    body: ReopenStep,
    status: 200,
    problems: [{ status: 409, code: 'step_not_set_aside' }],
    aggregate: processSteps,
    creates: false,
    idOf: ({ params }) => params.id,
    commandOf: async ({ body: { reason } }) => E.right({ type: 'ReopenStep', reason }),
  }),
]
