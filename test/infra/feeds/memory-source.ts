import type { FeedRecord, ShardSource } from '../../../infra/feeds/port.ts'

type MemoryShard<P> = {
  readonly parents: ReadonlyArray<string>
  readonly records: Array<FeedRecord<P>>
  closed: boolean
}

export type MemorySource<P> = ShardSource<P> & {
  readonly add: (shardId: string, ...parents: ReadonlyArray<string>) => void
  readonly append: (shardId: string, ...payloads: ReadonlyArray<P>) => void
  /** When what is appended from now on is to have arrived, epoch milliseconds; 0 at first. */
  readonly arriveAt: (milliseconds: number) => void
  readonly close: (shardId: string) => void
  readonly reads: () => number
}

/** A stream in memory. Sequence numbers are 1, 2, 3, … in each shard. */
export const memorySource = <P>(incarnation = 'first'): MemorySource<P> => {
  const shards = new Map<string, MemoryShard<P>>()
  let reads = 0
  let arrivedAt = 0
  const shardOf = (shardId: string): MemoryShard<P> => {
    const shard = shards.get(shardId)
    if (shard === undefined) throw new Error(`no shard ${shardId}`)
    return shard
  }
  return {
    add: (shardId, ...parents) => {
      shards.set(shardId, { parents, records: [], closed: false })
    },
    append: (shardId, ...payloads) => {
      const { records } = shardOf(shardId)
      for (const payload of payloads) {
        records.push({ sequenceNumber: String(records.length + 1), arrivedAt, payload })
      }
    },
    arriveAt: (milliseconds) => {
      arrivedAt = milliseconds
    },
    close: (shardId) => {
      shardOf(shardId).closed = true
    },
    reads: () => reads,
    identity: async () => ({ arn: 'arn:aws:memory:eu-west-2:000000000000:stream/test', incarnation }),
    shards: async () => [...shards].map(([shardId, { parents }]) => ({ shardId, parents })),
    read: async ({ shardId, after, limit }) => {
      reads += 1
      const { records, closed } = shardOf(shardId)
      const from = after === null ? 0 : Number(after)
      return { records: records.slice(from, from + limit), closed: closed && from + limit >= records.length }
    },
  }
}
