import * as E from 'fp-ts/lib/Either.js'
import { type Commit, CorruptCommit, type EventStore, type StreamName } from '../../infra/event-store/port.ts'
import type { Change, Row } from '../../projections/change.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { mergeChanges } from '../../projections/merge.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { orders } from '../../projections/views/orders.ts'
import type { AsOf } from '../parameters.ts'
import { rowsOf } from '../rows.ts'
import { type Order, OrderLineRow, OrderRow, orderOf } from './order.ts'

export const orderStream = (tenant: string, orderId: string): StreamName => ({ tenant, type: 'order', id: orderId })

const ordersView = readModel(orders)
const decode = recordedEventsOf(eventCodecs)

const changesOf = (commit: Commit, through: number): ReadonlyArray<Change> => {
  const events = decode(commit)
  if (E.isLeft(events)) throw new CorruptCommit(commit.stream, events.left.version, events.left.reason)
  return events.right.filter(({ version }) => version <= through).flatMap(ordersView.changesOf)
}

const rowsIn = (table: string, changes: ReadonlyArray<Change>): ReadonlyArray<Row> =>
  changes.flatMap((change) => (change.op === 'put' && change.table === table ? [{ ...change.key, ...change.row }] : []))

/**
 * The order as it was: the projection of the view itself, folded over the events up to a version or a time of commit,
 * inclusive. `undefined` before its first event. Throws what the event store throws.
 */
export const orderAsOf = async (
  events: Pick<EventStore, 'read'>,
  stream: StreamName,
  asOf: AsOf,
): Promise<Order | undefined> => {
  const through = asOf._tag === 'Version' ? asOf.version : Number.MAX_SAFE_INTEGER
  const changes: Change[] = []
  for await (const { commit } of events.read(stream, { through })) {
    // A prefix of the stream, never a selection: writers' clocks may disagree.
    if (asOf._tag === 'Time' && commit.time > asOf.time) break
    changes.push(...changesOf(commit, through))
  }
  const merged = mergeChanges(changes)
  const [order] = rowsOf(OrderRow, rowsIn('orders', merged))
  return order && orderOf(order, rowsOf(OrderLineRow, rowsIn('order_lines', merged)))
}
