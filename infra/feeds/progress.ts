import type { FeedRecord } from './port.ts'

type AnyRecord = FeedRecord<unknown>

/** What a mapping has done and what it knows to be waiting. Times: epoch milliseconds. */
export type MappingStatus = {
  readonly name: string
  /** Whether every shard was read once. */
  readonly reading: boolean
  /** Records that were read and are not handled yet. Records that were not read yet are not counted. */
  readonly pending: number
  /** Whether the last read of every shard found nothing that was not handled. */
  readonly caughtUp: boolean
  /** Age of the oldest record that is known to wait; 0 when none is. Milliseconds. */
  readonly lagMs: number
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
  readonly status: () => MappingStatus
}

type Shard = { waiting: ReadonlyArray<AnyRecord>; read: boolean; atEnd: boolean; error: string | null }
type Totals = { handled: number; discarded: number; last: MappingStatus['lastHandled'] }

const keeping = (shard: Shard, totals: Totals, clock: () => number): Omit<ShardProgress, 'closed'> => ({
  found: (records) => {
    shard.waiting = records
    shard.read = true
    shard.atEnd = records.length === 0
  },
  passed: (record) => {
    const count = shard.waiting.indexOf(record) + 1
    shard.waiting = shard.waiting.slice(count)
    totals.handled += count
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

const statusOf = (
  name: string,
  shards: ReadonlyArray<Shard>,
  { handled, discarded, last }: Totals,
  now: number,
): MappingStatus => {
  const oldest = shards.flatMap(({ waiting }) => waiting.slice(0, 1).map(({ arrivedAt }) => arrivedAt))
  return {
    name,
    reading: shards.length > 0 && shards.every(({ read }) => read),
    pending: shards.reduce((sum, { waiting }) => sum + waiting.length, 0),
    caughtUp: shards.length > 0 && shards.every(({ atEnd }) => atEnd),
    lagMs: oldest.length === 0 ? 0 : Math.max(0, now - Math.min(...oldest)),
    handled,
    discarded,
    lastHandled: last,
    lastError: shards.find(({ error }) => error !== null)?.error ?? null,
  }
}

/** `clock`: epoch milliseconds. */
export const progressOf = (name: string, clock: () => number): Progress => {
  const shards = new Map<string, Shard>()
  const totals: Totals = { handled: 0, discarded: 0, last: null }
  return {
    shard: (shardId) => {
      const shard: Shard = { waiting: [], read: false, atEnd: false, error: null }
      shards.set(shardId, shard)
      return { ...keeping(shard, totals, clock), closed: () => shards.delete(shardId) }
    },
    status: () => statusOf(name, [...shards.values()], totals, clock()),
  }
}
