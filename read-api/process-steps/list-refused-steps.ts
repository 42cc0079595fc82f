import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { refusedSteps } from '../../projections/views/refused-steps.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { select } from '../rows.ts'

/** `subject`: what the step is about, an order's id, say. `reason`: the code and title of the problem that it met. */
const RefusedStep = t.strict(
  { id: ClientId, process: t.string, kind: t.string, subject: t.string, reason: t.string, refusedAt: Instant },
  'RefusedStep',
)

const SCOPE: CursorScope = ['process-steps']

const SQL = `
  SELECT step_id AS id, process, kind, subject, reason, refused_at AS "refusedAt"
    FROM refused_steps
   WHERE tenant = $1 AND ($2::text IS NULL OR step_id > $2)
   ORDER BY step_id
   LIMIT $3`

/** What processes were refused, in the order of the steps' ids. */
export const listRefusedSteps = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/process-steps',
    operationId: 'listRefusedSteps',
    summary: 'Steps of processes that were refused and are set aside until they are reopened',
    tag: 'Processes',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of steps',
      body: t.strict({ items: t.readonlyArray(RefusedStep), nextCursor: nullable(Cursor) }, 'RefusedStepPage'),
    },
    handle: afterToken(deps.clock, [tablesOf(deps, refusedSteps)], async ({ caller: { tenant }, query }) => {
      const { limit = DEFAULT_LIMIT } = query
      const after = decodeCursor(ClientId, SCOPE, query.cursor)
      if (E.isLeft(after)) return after
      const rows = await select(deps.readsOf(tenant), RefusedStep, SQL, [tenant, after.right ?? null, limit + 1])
      const page = pageOf(rows, limit, ({ id }) => encodeCursor(SCOPE, id))
      return ok({ items: page.items, nextCursor: page.nextCursor })
    }),
  })
