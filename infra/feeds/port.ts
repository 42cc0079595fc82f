/** One record of a shard. `arrivedAt`: epoch milliseconds. Sequence numbers grow within a shard; they are decimal digits. */
export type FeedRecord<P> = { readonly sequenceNumber: string; readonly arrivedAt: number; readonly payload: P }

/** A shard is read only after its parents (one of a split, two of a merge) were read to their ends. */
export type Shard = { readonly shardId: string; readonly parents: ReadonlyArray<string> }

/** Which stream this is. `incarnation` differs from that of another stream of the same name, created before or later. */
export type StreamIdentity = { readonly arn: string; readonly incarnation: string }

/** `after`: the last record already handled; null reads from the oldest record that the stream still holds. */
export type ReadRequest = { readonly shardId: string; readonly after: string | null; readonly limit: number }

/** `closed`: the shard gets no more records, and none is behind these. */
export type Page<P> = { readonly records: ReadonlyArray<FeedRecord<P>>; readonly closed: boolean }

/** An ordered, sharded stream that can be read again from any position. Operations reject when the service is away. */
export type ShardSource<P> = {
  readonly identity: () => Promise<StreamIdentity>
  readonly shards: () => Promise<ReadonlyArray<Shard>>
  readonly read: (request: ReadRequest) => Promise<Page<P>>
}

/** Order of two sequence numbers of one shard: numeric, because their lengths differ. */
export const isBehind = (one: string, other: string): boolean => BigInt(one) > BigInt(other)

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
