import { identity } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { refusedSteps } from '../../projections/views/refused-steps.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { tablesOf } from '../consistency.ts'
import { listById } from '../list-by-id.ts'
import type { ReadDeps } from '../read-deps.ts'

/** `subject`: what the step is about, an order's id, say. `reason`: the code and title of the problem that it met. */
const RefusedStep = t.strict(
  { id: ClientId, process: t.string, kind: t.string, subject: t.string, reason: t.string, refusedAt: Instant },
  'RefusedStep',
)

const SQL = `
  SELECT step_id AS id, process, kind, subject, reason, refused_at AS "refusedAt"
    FROM refused_steps
   WHERE tenant = $1 AND ($2::text IS NULL OR step_id > $2)
   ORDER BY step_id
   LIMIT $3`

export const listRefusedSteps = (deps: ReadDeps): Operation =>
  listById(deps, {
    path: '/v1/process-steps',
    operationId: 'listRefusedSteps',
    summary: 'Steps of processes that were refused and are set aside until they are reopened',
    tag: 'Processes',
    page: ['RefusedStepPage', 'A page of steps'],
    views: [tablesOf(deps, refusedSteps)],
    sql: SQL,
    row: RefusedStep,
    item: RefusedStep,
    id: ClientId,
    idOf: ({ id }) => id,
    itemOf: identity,
  })
