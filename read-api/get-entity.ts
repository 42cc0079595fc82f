import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { DomainEvent } from '../projections/projection.ts'
import { type Operation, operation, READERS, type Request } from '../schemas/endpoint.ts'
import { by, byNow, shownWhen } from './as-of.ts'
import { afterToken, CONSISTENCY_HEADERS, CONSISTENCY_PROBLEMS, type View } from './consistency.ts'
import { type Entity, type Kind, streamOf } from './entity.ts'
import { AsOf } from './parameters.ts'
import type { ReadDeps } from './read-deps.ts'
import { versioned } from './replies.ts'

/** Where an entity is read from. Both answer `null` when there is, or was, none. */
export type Source<R> = {
  /** What `now` reads; a consistency token waits for them. */
  readonly views: ReadonlyArray<View>
  readonly now: (tenant: string, id: string) => Promise<R | null>
  readonly past: (tenant: string, id: string, asOf: AsOf) => Promise<R | null>
}

const Query = t.exact(t.partial({ asOf: AsOf }))
type Query = t.TypeOf<typeof Query>

type Asked = Pick<ReadDeps, 'events'>

/** As it was: folded from the events. */
export const pastFromEvents =
  <P, Ev extends DomainEvent, S, R>({ events }: Asked, entity: Entity<P, Ev, S, R>): Source<R>['past'] =>
  async (tenant, id, asOf) =>
    (await shownWhen(events, entity, streamOf(entity, tenant, id), by(asOf))).shown

/** For what no view shows: the event store is read consistently, so it shows every write that was answered, without waiting. */
export const fromEvents = <P, Ev extends DomainEvent, S, R>(deps: Asked, entity: Entity<P, Ev, S, R>): Source<R> => ({
  views: [],
  now: async (tenant, id) => (await shownWhen(deps.events, entity, streamOf(entity, tenant, id), byNow)).shown,
  past: pastFromEvents(deps, entity),
})

/** GET of one entity, now or as it was. @param summary what is answered: `An order with its lines`. */
export const getEntity = <P, R extends { readonly version: number }>(
  { clock }: Pick<ReadDeps, 'clock'>,
  { name, tag, path, params, idOf, notFound }: Kind<P>,
  summary: string,
  body: t.Type<R, unknown, unknown>,
  { views, now, past }: Source<R>,
): Operation => {
  const waits = views.length > 0
  const handle = async ({ caller, params, query: { asOf } }: Request<P, Query, unknown>) => {
    const id = idOf(params)
    const found = await (asOf === undefined ? now(caller.tenant, id) : past(caller.tenant, id, asOf))
    return found === null ? E.left(notFound) : versioned(found)
  }
  return operation({
    method: 'GET',
    path,
    operationId: `get${name}`,
    summary: `${summary}, now or as it was`,
    tag,
    roles: READERS,
    headers: waits ? CONSISTENCY_HEADERS : [],
    problems: [notFound, ...(waits ? CONSISTENCY_PROBLEMS : [])],
    params,
    query: Query,
    body: t.unknown,
    reply: { status: 200, description: summary, body },
    handle: waits ? afterToken(clock, views, handle) : handle,
  })
}
