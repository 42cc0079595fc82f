import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../infra/postgres/statement.ts'
import { type Operation, operation } from '../schemas/endpoint.ts'
import { nullable } from '../schemas/nullable.ts'
import { OPERATIONS_TENANT } from '../schemas/operations-tenant.ts'
import { problem } from '../schemas/problem.ts'
import { text } from '../schemas/text.ts'
import { Instant } from '../schemas/time.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from './cursor.ts'
import { DEFAULT_LIMIT, Limit } from './parameters.ts'
import { Count, ok } from './replies.ts'
import { IntegerColumn, select } from './rows.ts'

/** `version`: of the first event that was not applied. `attempts`: how often it was tried, the last time at `parkedAt`. */
const ParkedStream = t.strict(
  {
    tenant: t.string,
    streamType: t.string,
    streamId: t.string,
    version: Count,
    error: t.string,
    attempts: Count,
    parkedAt: Instant,
  },
  'ParkedStream',
)
type ParkedStream = t.TypeOf<typeof ParkedStream>

const Row = t.strict({
  tenant: t.string,
  stream_type: t.string,
  stream_id: t.string,
  version: IntegerColumn,
  error: t.string,
  attempts: IntegerColumn,
  parked_at: Instant,
})

const streamOf = (row: t.TypeOf<typeof Row>): ParkedStream => ({
  tenant: row.tenant,
  streamType: row.stream_type,
  streamId: row.stream_id,
  version: row.version,
  error: row.error,
  attempts: row.attempts,
  parkedAt: row.parked_at,
})

const KeyPart = text(1, 2_048)

/** Place of the last stream of a page: the table's primary key, which no further attempt moves. */
const Position = t.tuple([KeyPart, KeyPart, KeyPart])

const SQL = `
  SELECT tenant, stream_type, stream_id, version, error, attempts, parked_at
    FROM parked_streams
   WHERE projection = $1 AND ($6::text IS NULL OR tenant = $6)
     AND ($2::text IS NULL OR (tenant, stream_type, stream_id) > ($2, $3::text, $4::text))
   ORDER BY tenant, stream_type, stream_id
   LIMIT $5`

const PROJECTION_NOT_FOUND = { status: 404, code: 'projection_not_found' } as const

export type ParkedStreamsDeps = {
  /** Names of all projections. */
  readonly projections: ReadonlyArray<string>
  /** Sees the parked streams of every tenant. */
  readonly allTenants: Asked
}

/**
 * `GET /v1/admin/projections/{name}/parked`: what a projection could not apply, by tenant and stream. An admin sees what
 * is parked of the own tenant, one of `OPERATIONS_TENANT` everybody's.
 */
export const parkedStreams = ({ projections, allTenants }: ParkedStreamsDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/admin/projections/{name}/parked',
    operationId: 'listParkedStreams',
    summary:
      'The streams that a projection could not apply and has left alone since; for operations, those of all tenants',
    tag: 'Operations',
    roles: ['admin'],
    headers: [],
    problems: [INVALID_CURSOR, PROJECTION_NOT_FOUND],
    params: t.strict({ name: t.string }),
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of parked streams',
      body: t.strict({ items: t.readonlyArray(ParkedStream), nextCursor: nullable(Cursor) }, 'ParkedStreamPage'),
    },
    handle: async ({ caller, params: { name }, query: { limit = DEFAULT_LIMIT, cursor } }) => {
      if (!projections.includes(name)) {
        const detail = `The projections are ${projections.join(', ')}.`
        return E.left(problem(404, PROJECTION_NOT_FOUND.code, 'There is no such projection', { detail }))
      }
      const scope: CursorScope = ['parked', name]
      const after = decodeCursor(Position, scope, cursor)
      if (E.isLeft(after)) return after
      const ownOnly = caller.tenant === OPERATIONS_TENANT ? null : caller.tenant
      const [tenant, type, id] = after.right ?? [null, null, null]
      const rows = await select(allTenants, Row, SQL, [name, tenant, type, id, limit + 1, ownOnly])
      const page = pageOf(rows, limit, (last) => encodeCursor(scope, [last.tenant, last.stream_type, last.stream_id]))
      return ok({ items: page.items.map(streamOf), nextCursor: page.nextCursor })
    },
  })
