import type { FeedRecord, Page, ShardSource } from './port.ts'

export type IteratorPage<P> = {
  readonly records: ReadonlyArray<FeedRecord<P>>
  /** Absent when the shard is closed and was read to its end. */
  readonly next: string | undefined
}

/** The calls that DynamoDB Streams and Kinesis have in common. `after` null: from the oldest record (TRIM_HORIZON). */
export type IteratorApi<P> = Pick<ShardSource<P>, 'identity' | 'shards'> & {
  readonly iterator: (shardId: string, after: string | null) => Promise<string>
  readonly records: (iterator: string, limit: number) => Promise<IteratorPage<P>>
  /** The stream no longer holds the position: records behind it may have been lost. */
  readonly isTrimmed: (error: unknown) => boolean
}

type Cursor = { readonly after: string | null; readonly iterator: string | undefined }

/** Readers of a shard whose iterators are kept: the one that handles its records, and the one that looks ahead. */
const READERS = 2

const isExpired = (error: unknown): boolean => error instanceof Error && error.name === 'ExpiredIteratorException'

/**
 * A shard source over an API with iterators. They are kept from read to read and renewed when they expire (after 5 to 15
 * minutes). When the position was trimmed, reads go on from the oldest record and `onTrimmed` tells.
 */
export const iteratorSource = <P>(
  api: IteratorApi<P>,
  onTrimmed: (shardId: string, after: string | null) => void,
): ShardSource<P> => {
  const cursors = new Map<string, ReadonlyArray<Cursor>>()
  const others = (shardId: string, after: string | null): ReadonlyArray<Cursor> =>
    (cursors.get(shardId) ?? []).filter((cursor) => cursor.after !== after)
  const iteratorFor = async (shardId: string, after: string | null): Promise<string | undefined> => {
    const cursor = cursors.get(shardId)?.find((one) => one.after === after)
    return cursor === undefined ? api.iterator(shardId, after) : cursor.iterator
  }
  const readOnce = async (shardId: string, after: string | null, limit: number): Promise<Page<P>> => {
    const iterator = await iteratorFor(shardId, after)
    if (iterator === undefined) return { records: [], closed: true }
    const { records, next } = await api.records(iterator, limit)
    const cursor = { after: records.at(-1)?.sequenceNumber ?? after, iterator: next }
    cursors.set(shardId, [cursor, ...others(shardId, after)].slice(0, READERS))
    return { records, closed: next === undefined }
  }
  const read = async (shardId: string, after: string | null, limit: number): Promise<Page<P>> => {
    try {
      return await readOnce(shardId, after, limit)
    } catch (error) {
      cursors.set(shardId, others(shardId, after))
      if (isExpired(error)) return readOnce(shardId, after, limit)
      if (!api.isTrimmed(error)) throw error
      onTrimmed(shardId, after)
      return readOnce(shardId, null, limit)
    }
  }
  return {
    identity: api.identity,
    shards: api.shards,
    read: ({ shardId, after, limit }) => read(shardId, after, limit),
  }
}
