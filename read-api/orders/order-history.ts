import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Commit, EventStore, StreamName } from '../../infra/event-store/port.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { Cursor, type CursorScope, decodeCursor, encodeCursor, INVALID_CURSOR, pageOf } from '../cursor.ts'
import { DEFAULT_LIMIT, Limit } from '../parameters.ts'
import type { ReadDeps } from '../read-deps.ts'
import { ok, Version } from '../replies.ts'
import { ORDER_NOT_FOUND, orderNotFound } from './order-not-found.ts'
import { orderStream } from './order-stream.ts'

const Actor = t.strict({ subject: t.string, roles: t.readonlyArray(t.string) }, 'Actor')

/** An event as it was stored, never upcast: `schemaVersion` tells how `data` is to be read. With its commit's provenance. */
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
  },
  'HistoricEvent',
)
type HistoricEvent = t.TypeOf<typeof HistoricEvent>

const Query = t.exact(t.partial({ limit: Limit, cursor: Cursor }))

const eventsOf = ({ version, events, time, commitId, actor, correlationId }: Commit): ReadonlyArray<HistoricEvent> =>
  events.map(({ type, schemaVersion, data }, index) => ({
    version: version + index,
    type,
    schemaVersion,
    data,
    time,
    commitId,
    actor: { subject: actor.subject, roles: actor.roles },
    correlationId,
  }))

/** Reads from the first event: a page may end inside a commit, and an order has few events. `undefined`: there are none. */
const eventsBehind = async (
  events: Pick<EventStore, 'read'>,
  stream: StreamName,
  after: number,
  count: number,
): Promise<ReadonlyArray<HistoricEvent> | undefined> => {
  const found: HistoricEvent[] = []
  let exists = false
  for await (const { commit } of events.read(stream)) {
    exists = true
    found.push(...eventsOf(commit).filter(({ version }) => version > after))
    if (found.length >= count) break
  }
  return exists ? found.slice(0, count) : undefined
}

/** An order's events, oldest first, read consistently from the event store. */
export const orderHistory = ({ events }: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/orders/{id}/history',
    operationId: 'getOrderHistory',
    summary: 'The events of an order, oldest first',
    tag: 'Orders',
    roles: READERS,
    headers: [],
    problems: [INVALID_CURSOR, ORDER_NOT_FOUND],
    params: t.strict({ id: ClientId }),
    query: Query,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'A page of events',
      body: t.strict({ items: t.readonlyArray(HistoricEvent), nextCursor: nullable(Cursor) }, 'HistoryPage'),
    },
    handle: async ({ caller: { tenant }, params: { id }, query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const scope: CursorScope = ['order-history', id]
      const after = decodeCursor(Version, scope, cursor)
      if (E.isLeft(after)) return after
      const found = await eventsBehind(events, orderStream(tenant, id), after.right ?? 0, limit + 1)
      if (found === undefined) return E.left(orderNotFound)
      return ok(pageOf(found, limit, ({ version }) => encodeCursor(scope, version)))
    },
  })
