import type { ProcessStepEvent } from '../../schemas/events/process-step.ts'
import { put, remove } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const refusedStepsTable: Table = {
  name: 'refused_steps',
  rows: 'owned',
  key: { tenant: 'text', step_id: 'text' },
  columns: { process: 'text', kind: 'text', subject: 'text', reason: 'text', refused_at: 'timestamptz' },
}

/** Steps of processes that are set aside: nobody takes them until they are reopened. */
export const refusedSteps: Projection<ProcessStepEvent> = {
  name: 'refused-steps',
  version: 1,
  streamTypes: ['process-step'],
  tables: [refusedStepsTable],
  on: {
    StepRefused: ({ tenant, streamId, time, event: { data } }) => [
      put('refused_steps', { tenant, step_id: streamId }, { ...data, refused_at: time }),
    ],
    StepReopened: ({ tenant, streamId }) => [remove('refused_steps', { tenant, step_id: streamId })],
  },
}
