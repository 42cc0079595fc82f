import type { FeedRecord } from './port.ts'
import type { RateMeter } from './rate.ts'

/** Records handled a second, over the last ten and the last sixty seconds. */
export type Rates = { readonly last10s: number; readonly last60s: number }

/** What a mapping has done and what it knows to be waiting. Times: epoch milliseconds. */
export type MappingStatus = {
  readonly name: string
  /** Whether every shard was read once. */
  readonly reading: boolean
  /** Records that were read and are not handled yet. */
  readonly pending: number
  /** Records that are known to wait behind those that were read. */
  readonly unread: number
  /** Whether more may wait than `pending` and `unread` say: no shard was seen to its end since, or one cannot be read. */
  readonly moreUnread: boolean
  /** Whether the last read of every shard found nothing that was not handled. */
  readonly caughtUp: boolean
  /** Age of the oldest record that waits, or at most this where it was not read yet; 0 when none is known to wait. Milliseconds. */
  readonly lagMs: number
  readonly ratePerSecond: Rates
  readonly handled: number
  readonly discarded: number
  /** When a record was last handled, and when that record had arrived in the stream. */
  readonly lastHandled: { readonly at: number; readonly arrivedAt: number } | null
  /** The latest failure, of a handler or of the source; null once it works again. */
  readonly lastError: string | null
}

/** What is known of a shard that is read. */
export type ShardState = {
  waiting: ReadonlyArray<FeedRecord<unknown>>
  unread: number
  complete: boolean
  read: boolean
  atEnd: boolean
  error: string | null
  passedArrivedAt: number | null
}

/** What is known of all shards together. */
export type Totals = {
  handled: number
  discarded: number
  last: MappingStatus['lastHandled']
  shardsToCome: number
  readonly meter: RateMeter
}

/** What waits unread is no older than what was handled last. */
const oldestOf = ({ waiting, unread, passedArrivedAt }: ShardState): ReadonlyArray<number> => {
  const oldest = waiting[0]?.arrivedAt ?? (unread > 0 ? passedArrivedAt : null)
  return oldest === null ? [] : [oldest]
}

export const statusOf = (
  name: string,
  shards: ReadonlyArray<ShardState>,
  { handled, discarded, last, shardsToCome, meter }: Totals,
  now: number,
): MappingStatus => {
  const oldest = shards.flatMap(oldestOf)
  return {
    name,
    reading: shards.length > 0 && shards.every(({ read }) => read),
    pending: shards.reduce((sum, { waiting }) => sum + waiting.length, 0),
    unread: shards.reduce((sum, { unread }) => sum + unread, 0),
    moreUnread: shards.length === 0 || shardsToCome > 0 || !shards.every(({ complete }) => complete),
    caughtUp: shards.length > 0 && shards.every(({ atEnd }) => atEnd),
    lagMs: oldest.length === 0 ? 0 : Math.max(0, now - Math.min(...oldest)),
    ratePerSecond: { last10s: meter.perSecond(10), last60s: meter.perSecond(60) },
    handled,
    discarded,
    lastHandled: last,
    lastError: shards.find(({ error }) => error !== null)?.error ?? null,
  }
}
