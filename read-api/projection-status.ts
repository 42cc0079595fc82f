import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { type Operation, operation } from '../schemas/endpoint.ts'
import { Nothing } from '../schemas/requests/body.ts'

const ProjectionStatus = t.readonly(
  t.strict({ name: t.string, version: t.number, lagEvents: t.number, lagSeconds: t.number, parkedStreams: t.number }),
  'ProjectionStatus',
)
export type ProjectionStatus = t.TypeOf<typeof ProjectionStatus>

const Answer = t.readonly(t.strict({ projections: t.readonlyArray(ProjectionStatus) }), 'Projections')

/** `GET /v1/admin/projections`: how far every projection is behind, and what it has parked, over all tenants. */
export const projectionStatus = (status: () => Promise<ReadonlyArray<ProjectionStatus>>): Operation =>
  operation({
    method: 'GET',
    path: '/v1/admin/projections',
    operationId: 'getProjections',
    summary: 'How far every projection is behind, and how many streams it has parked',
    tag: 'Operations',
    roles: ['admin'],
    headers: [],
    problems: [],
    params: Nothing,
    query: Nothing,
    body: t.unknown,
    reply: { status: 200, description: 'Every projection', body: Answer },
    handle: async () => E.right({ status: 200, body: { projections: await status() } }),
  })
