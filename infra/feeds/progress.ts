import type { FeedRecord } from './port.ts'
import { type RateMeter, rateMeter } from './rate.ts'

type AnyRecord = FeedRecord<unknown>

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

/** The books of one shard, kept by whoever follows it. */
export type ShardProgress = {
  /** A read found these; none means that the shard's end was reached. */
  readonly found: (records: ReadonlyArray<AnyRecord>) => void
  /** So many more wait behind what was found; `complete` when that is all there are. */
  readonly unread: (count: number, complete: boolean) => void
  /** Everything up to and with this record is dealt with. */
  readonly passed: (record: AnyRecord) => void
  readonly discarded: (count: number) => void
  readonly failed: (reason: string) => void
  readonly recovered: () => void
  /** Nothing will come any more. */
  readonly closed: () => void
}

export type Progress = {
  readonly shard: (shardId: string) => ShardProgress
  /** The stream has so many shards that cannot be read yet, behind parents that are not at their ends. */
  readonly shardsToCome: (count: number) => void
  readonly status: () => MappingStatus
}

type Shard = {
  waiting: ReadonlyArray<AnyRecord>
  unread: number
  complete: boolean
  read: boolean
  atEnd: boolean
  error: string | null
  passedArrivedAt: number | null
}
type Totals = {
  handled: number
  discarded: number
  last: MappingStatus['lastHandled']
  shardsToCome: number
  readonly meter: RateMeter
}

const keeping = (shard: Shard, totals: Totals, clock: () => number): Omit<ShardProgress, 'closed'> => ({
  found: (records) => {
    shard.waiting = records
    shard.read = true
    shard.atEnd = records.length === 0
  },
  unread: (count, complete) => {
    shard.unread = count
    shard.complete = complete
  },
  passed: (record) => {
    const count = shard.waiting.indexOf(record) + 1
    shard.waiting = shard.waiting.slice(count)
    totals.handled += count
    totals.meter.count(count)
    shard.passedArrivedAt = record.arrivedAt
    totals.last = { at: clock(), arrivedAt: record.arrivedAt }
  },
  discarded: (count) => {
    totals.discarded += count
  },
  failed: (reason) => {
    shard.error = reason
  },
  recovered: () => {
    shard.error = null
  },
})

/** What waits unread is no older than what was handled last. */
const oldestOf = ({ waiting, unread, passedArrivedAt }: Shard): ReadonlyArray<number> => {
  const oldest = waiting[0]?.arrivedAt ?? (unread > 0 ? passedArrivedAt : null)
  return oldest === null ? [] : [oldest]
}

const statusOf = (
  name: string,
  shards: ReadonlyArray<Shard>,
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

/** `clock`: epoch milliseconds. */
export const progressOf = (name: string, clock: () => number): Progress => {
  const shards = new Map<string, Shard>()
  const totals: Totals = { handled: 0, discarded: 0, last: null, shardsToCome: 0, meter: rateMeter(clock) }
  return {
    shard: (shardId) => {
      const shard: Shard = {
        waiting: [],
        unread: 0,
        complete: false,
        read: false,
        atEnd: false,
        error: null,
        passedArrivedAt: null,
      }
      shards.set(shardId, shard)
      const closed = (): void => {
        shards.delete(shardId)
        // Until the shards are listed again, nobody knows its children.
        totals.shardsToCome += 1
      }
      return { ...keeping(shard, totals, clock), closed }
    },
    shardsToCome: (count) => {
      totals.shardsToCome = count
    },
    status: () => statusOf(name, [...shards.values()], totals, clock()),
  }
}
