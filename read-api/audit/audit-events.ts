import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { concerns, type Filter } from '../../infra/audit/export/filter.ts'
import type { TimeIndex } from '../../infra/event-store/time-index.ts'
import { type Operation, operation } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Instant } from '../../schemas/time.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import { ok } from '../replies.ts'
import { AuditEvent, auditEventsOf } from './audit-event.ts'
import { ASKED, filterOf } from './audit-query.ts'

export type AuditDeps = {
  /** Close behind the present: what it has not got yet, the next page may. */
  readonly recent: TimeIndex
  /** No commit is older. */
  readonly genesis: () => Promise<Date>
  readonly clock: () => Date
  readonly sleep: (ms: number) => Promise<unknown>
}

const Query = t.exact(t.partial({ ...ASKED, limit: Limit, cursor: Cursor }))

/** Commits that one request looks at, at most: what is rare takes several pages, some of them empty. */
const MOST_COMMITS = 10_000

/**
 * Where a page ends: behind the commit `after`, and behind so many of those events of the commit `within` that were asked for. `to`: until
 * when all of its pages read, for each of them is put on record, and would be followed by another one.
 */
const Place = t.strict({
  after: t.union([t.undefined, t.string]),
  within: t.union([t.undefined, t.string]),
  skip: t.number,
  to: Instant,
})
type Place = t.TypeOf<typeof Place>

type Found = {
  readonly items: ReadonlyArray<AuditEvent>
  /** Null where there is no more. */
  readonly next: Place | null
}

/** Collects events that were asked for until there are enough. Waits, at the end, until what was there at the beginning can be seen. */
const collect = async (
  { recent, sleep }: AuditDeps,
  { tenant, from }: { readonly tenant: string; readonly from: Date },
  filter: Filter,
  limit: number,
  begin: Place,
): Promise<Found> => {
  const items: AuditEvent[] = []
  const to = new Date(begin.to)
  const placeBehind = (after: string | undefined): Place => ({ after, within: undefined, skip: 0, to: begin.to })
  let { after } = begin
  let looked = 0
  for (;;) {
    const reading = recent.commits({ tenant, from, to, ...(after !== undefined && { after }) })
    for await (const commit of reading) {
      looked += 1
      const events = concerns(filter, commit)
        ? auditEventsOf(commit).filter(({ type }) => filter.type === undefined || filter.type === type)
        : []
      const skip = commit.commitId === begin.within ? begin.skip : 0
      const fitting = events.slice(skip, skip + limit - items.length)
      items.push(...fitting)
      const taken = skip + fitting.length
      if (taken < events.length) return { items, next: { ...placeBehind(after), within: commit.commitId, skip: taken } }
      after = commit.commitId
      if (items.length === limit || looked === MOST_COMMITS) return { items, next: placeBehind(after) }
    }
    const lag = to.getTime() - reading.completeTo.getTime()
    if (lag <= 0) return { items, next: null }
    await sleep(lag)
  }
}

/** The events of a tenant in order of time, those of the last second included. */
export const auditEvents = (deps: AuditDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/audit/events',
    operationId: 'listAuditEvents',
    summary: 'What was done, by whom, oldest first',
    tag: 'Audit',
    roles: ['admin', 'auditor'],
    headers: [],
    records: 'audit',
    problems: [INVALID_CURSOR],
    params: t.unknown,
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of events; it may hold fewer than asked for, or none, although there are more',
      body: t.strict({ items: t.readonlyArray(AuditEvent), nextCursor: nullable(Cursor) }, 'AuditPage'),
    },
    handle: async ({ caller: { tenant }, query: { limit = DEFAULT_LIMIT, cursor, from, to, ...asked } }) => {
      const filter = filterOf(asked)
      const scope: CursorScope = ['audit-events', from, to, ...Object.entries(filter).flat()]
      const begin = decodeCursor(Place, scope, cursor)
      if (E.isLeft(begin)) return begin
      const now = deps.clock().toISOString()
      const place = begin.right ?? {
        after: undefined,
        within: undefined,
        skip: 0,
        to: to === undefined || to > now ? now : to,
      }
      const genesis = await deps.genesis()
      const begins = new Date(Math.max(from === undefined ? 0 : Date.parse(from), genesis.getTime()))
      if (begins.toISOString() >= place.to) return ok({ items: [], nextCursor: null })
      const { items, next } = await collect(deps, { tenant, from: begins }, filter, limit, place)
      return ok({ items, nextCursor: next === null ? null : encodeCursor(scope, next) })
    },
  })
