import { type MappingStatus, type ShardState, statusOf, type Totals } from './mapping-status.ts'
import type { FeedRecord } from './port.ts'
import { rateMeter } from './rate.ts'

type AnyRecord = FeedRecord<unknown>

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

const keeping = (shard: ShardState, totals: Totals, clock: () => number): Omit<ShardProgress, 'closed'> => ({
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

/** `clock`: epoch milliseconds. */
export const progressOf = (name: string, clock: () => number): Progress => {
  const shards = new Map<string, ShardState>()
  const totals: Totals = { handled: 0, discarded: 0, last: null, shardsToCome: 0, meter: rateMeter(clock) }
  return {
    shard: (shardId) => {
      const shard: ShardState = {
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
