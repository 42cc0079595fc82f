import type { Logger } from '../log/logger.ts'
import type { GivenUp, RetryPolicy } from './delivery.ts'
import type { BatchResponse } from './outcome.ts'
import type { FeedRecord, ShardSource } from './port.ts'
import type { Positions } from './positions.ts'

/** What is told of records that were given up: enough to find them again in their stream. `at`: epoch milliseconds. */
export type Discarded = GivenUp & {
  readonly mapping: string
  readonly arn: string
  readonly shardId: string
  readonly records: ReadonlyArray<FeedRecord<unknown>>
  readonly at: number
}

/** An event source mapping; where an option of Lambda has the same name, it has the same meaning. */
export type MappingConfig<P, Event> = RetryPolicy & {
  /** Also names the consumer whose positions these are. */
  readonly name: string
  readonly source: ShardSource<P>
  readonly toEvent: (
    records: ReadonlyArray<FeedRecord<P>>,
    from: { readonly shardId: string; readonly arn: string },
  ) => Event
  readonly handler: (event: Event) => Promise<BatchResponse>
  readonly positions: Positions
  /** Records that have been in the stream for longer are discarded. Default -1: none; Lambda takes 60 to 604,800. */
  readonly maximumRecordAgeInSeconds?: number
  /** Records a delivery, at most. */
  readonly batchSize: number
  /** How long to gather records for a batch that is not full. Default 0: not at all. */
  readonly maximumBatchingWindowMs?: number
  readonly onFailure: (discarded: Discarded) => Promise<void>
  /** Handlers that run at a time over all shards (within a shard it is always one). Default: as many as shards. */
  readonly parallel?: number
  /** Pause after a read that was not full: from the minimum, doubling up to the maximum while nothing comes. */
  readonly poll: { readonly minimumMs: number; readonly maximumMs: number }
  /** Shards are listed again this often, and whenever one is closed. Default 60,000. */
  readonly listShardsEveryMs?: number
  /** While a batch is handled, what waits behind it is counted this often, for `status`. Default: never. */
  readonly lookAheadEveryMs?: number
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly clock: () => number
}
