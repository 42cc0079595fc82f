import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { cohorts as view } from '../../projections/views/cohorts.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { Month } from '../../schemas/time.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, tablesOf } from '../consistency.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok } from '../replies.ts'
import { Cohort, cohortsOf } from './cohort-retention.ts'

const SCOPE: CursorScope = ['cohorts']

export const CohortReport = t.strict({ rows: t.readonlyArray(Cohort), nextCursor: nullable(Cursor) }, 'CohortReport')

/** Monthly cohorts of customers (UTC), in the order of time, over orders in all currencies. A cancelled order does not count. */
export const cohorts = (deps: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/reports/cohorts',
    operationId: 'getCohorts',
    summary: 'Customers by the month of their first order, and how many of them ordered in the months after it',
    tag: 'Reports',
    roles: READERS,
    headers: CONSISTENCY_HEADERS,
    problems: [INVALID_CURSOR, ...CONSISTENCY_PROBLEMS],
    params: Nothing,
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: { status: 200, description: 'A page of cohorts', body: CohortReport },
    handle: afterToken(deps.clock, [tablesOf(deps, view)], async ({ caller: { tenant }, query }) => {
      const { limit = DEFAULT_LIMIT } = query
      const after = decodeCursor(Month, SCOPE, query.cursor)
      if (E.isLeft(after)) return after
      const found = await cohortsOf(deps.readsOf(tenant), tenant, after.right ?? null, limit + 1)
      const { items, nextCursor } = pageOf(found, limit, ({ cohort }) => encodeCursor(SCOPE, cohort))
      return ok({ rows: items, nextCursor })
    }),
  })
