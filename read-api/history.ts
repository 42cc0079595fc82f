import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { EventStore, StreamName } from '../infra/event-store/port.ts'
import type { DomainEvent } from '../projections/projection.ts'
import { type Operation, operation, READERS } from '../schemas/endpoint.ts'
import { nullable } from '../schemas/nullable.ts'
import { Instant } from '../schemas/time.ts'
import { Actor, actorOf } from './actor.ts'
import { type Step, stepsOf } from './as-of.ts'
import { changesBetween, ValueChange } from './changes.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from './cursor.ts'
import { type Entity, type Fold, streamOf } from './entity.ts'
import { DEFAULT_LIMIT, Limit } from './parameters.ts'
import type { ReadDeps } from './read-deps.ts'
import { ok, Version } from './replies.ts'

/**
 * An event as it was stored, never upcast: `schemaVersion` tells how `data` is to be read. With its commit's provenance, and what it
 * changed in what the API shows of its entity.
 */
const HistoricEvent = t.strict(
  {
    version: Version,
    type: t.string,
    schemaVersion: t.number,
    data: t.unknown,
    time: Instant,
    commitId: t.string,
    actor: Actor,
    correlationId: t.string,
    causationId: nullable(t.string),
    changes: t.readonlyArray(ValueChange),
  },
  'HistoricEvent',
)
type HistoricEvent = t.TypeOf<typeof HistoricEvent>

const historic = <S>(
  { commit, version, stored, before, after }: Step<S>,
  show: (state: S) => unknown,
): HistoricEvent => {
  const { time, commitId, actor, correlationId, causationId } = commit
  return {
    version,
    type: stored.type,
    schemaVersion: stored.schemaVersion,
    data: stored.data,
    time,
    commitId,
    actor: actorOf(actor),
    correlationId,
    causationId,
    changes: changesBetween(show(before), show(after)),
  }
}

/** Reads from the first event: what an event changed takes the state before it, and most streams are short. `null`: there are none. */
const eventsBehind = async <Ev extends DomainEvent, S, R>(
  events: Pick<EventStore, 'read'>,
  fold: Fold<Ev, S, R>,
  stream: StreamName,
  after: number,
  count: number,
): Promise<ReadonlyArray<HistoricEvent> | null> => {
  const found: HistoricEvent[] = []
  let exists = false
  for await (const step of stepsOf(events, fold, stream)) {
    exists = true
    if (step.version <= after) continue
    found.push(historic(step, fold.show))
    if (found.length >= count) break
  }
  return exists ? found : null
}

/** An entity's events, oldest first, read consistently from the event store. */
export const historyOf = <P, Ev extends DomainEvent, S, R>(
  { events }: Pick<ReadDeps, 'events'>,
  entity: Entity<P, Ev, S, R>,
): Operation =>
  operation({
    method: 'GET',
    path: `${entity.path}/history`,
    operationId: `get${entity.name}History`,
    summary: `The events of ${entity.noun}, oldest first: who did what and when, and what it changed`,
    tag: entity.tag,
    roles: READERS,
    headers: [],
    problems: [INVALID_CURSOR, entity.notFound],
    records: 'audit',
    params: entity.params,
    query: t.exact(t.partial({ limit: Limit, cursor: Cursor })),
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of events',
      body: t.strict({ items: t.readonlyArray(HistoricEvent), nextCursor: nullable(Cursor) }, 'HistoryPage'),
    },
    handle: async ({ caller: { tenant }, params, query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const id = entity.idOf(params)
      const scope: CursorScope = [`${entity.streamType}-history`, id]
      const after = decodeCursor(Version, scope, cursor)
      if (E.isLeft(after)) return after
      const stream = streamOf(entity, tenant, id)
      const found = await eventsBehind(events, entity, stream, after.right ?? 0, limit + 1)
      if (found === null) return E.left(entity.notFound)
      return ok(pageOf(found, limit, ({ version }) => encodeCursor(scope, version)))
    },
  })
