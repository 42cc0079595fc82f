import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Operation, operation } from '../schemas/endpoint.ts'
import { nullable } from '../schemas/nullable.ts'
import { type Problem, problem } from '../schemas/problem.ts'
import { Nothing } from '../schemas/requests/body.ts'
import { DescribedType } from '../schemas/text.ts'
import { Instant } from '../schemas/time.ts'
import { ok } from './replies.ts'

const figure = (description: string): DescribedType<number> =>
  new DescribedType(
    'figure',
    { type: 'number', minimum: 0, description },
    (input) => (typeof input === 'number' && input >= 0 ? input : undefined),
    'must be a number of zero or more',
  )

const ProjectionStatus = t.readonly(
  t.strict({
    name: t.string,
    /** That the serving view was built by; 0: it was never built from what happened before it was there. */
    version: t.number,
    /** That this release has; where they differ, `daybook replay --changed` builds it. */
    releasedVersion: t.number,
    lagEvents: figure('Commits that it has yet to deal with, whether its feed has read them or not.'),
    /** There may be more, and older ones: not all were seen, because there are many or the engine is away. */
    lagEventsOrMore: t.boolean,
    lagSeconds: figure('Age of the oldest of these commits; 0 when none waits.'),
    ratePerSecond: nullable(
      figure('Commits dealt with a second, over the last ten seconds; null where nobody counts.'),
    ),
    ratePerSecondOverMinute: nullable(figure('The same over the last minute.')),
    /** What its feed fails on at present, or why its lag is not known. */
    lastError: nullable(t.string),
    parkedStreams: t.number,
  }),
  'ProjectionStatus',
)
export type ProjectionStatus = t.TypeOf<typeof ProjectionStatus>

/** `asOf`: when the feeds told this, or the commits were looked at. */
const Projections = t.readonly(
  t.strict({ asOf: Instant, projections: t.readonlyArray(ProjectionStatus) }),
  'Projections',
)
export type Projections = t.TypeOf<typeof Projections>

const FEEDS_SILENT = { status: 503, code: 'feeds_silent' } as const

export const feedsSilent = (detail: string): Problem =>
  problem(FEEDS_SILENT.status, FEEDS_SILENT.code, 'Nobody knows how far the projections are', {
    detail,
    headers: { 'Retry-After': '1' },
  })

/**
 * `GET /v1/admin/projections`: how far every projection is behind, how fast it is, and what it has parked, over all tenants.
 * `status` answers Left `feedsSilent` when the feeds tell nothing.
 */
export const projectionStatus = (status: () => Promise<E.Either<Problem, Projections>>): Operation =>
  operation({
    method: 'GET',
    path: '/v1/admin/projections',
    operationId: 'getProjections',
    summary: 'How far every projection is behind, how fast it is, and how many streams it has parked, over all tenants',
    tag: 'Operations',
    roles: ['admin'],
    headers: [],
    problems: [FEEDS_SILENT],
    params: Nothing,
    query: Nothing,
    body: t.unknown,
    reply: { status: 200, description: 'Every projection', body: Projections },
    handle: async () => {
      const answer = await status()
      return E.isLeft(answer) ? answer : ok(answer.right)
    },
  })
