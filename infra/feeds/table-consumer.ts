import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import type { Logger } from '../log/logger.ts'
import { dynamoDBStreamSource } from './dynamodb-stream-source.ts'
import { toDynamoDBStreamEvent } from './lambda-events.ts'
import { type Mapping, startMapping } from './mapping.ts'
import type { MappingConfig } from './mapping-config.ts'
import type { BatchResponse } from './outcome.ts'

export type Consumer<Event> = {
  readonly name: string
  readonly handler: (event: Event) => Promise<BatchResponse>
}

export type TableConsumer = Consumer<DynamoDBStreamEvent> & {
  /** How it gathers batches, where that differs. */
  readonly batching?: Pick<MappingConfig<never, never>, 'batchSize' | 'maximumBatchingWindowMs' | 'poll'>
}

/** A table's stream, and what every consumer of it has in common. */
export type TableFeed = Pick<MappingConfig<never, never>, 'positions' | 'onFailure' | 'log' | 'clock'> & {
  readonly streams: DynamoDBStreamsClient
  /** ARN of the event table's stream. */
  readonly tableStream: string
}

/** What handlers cannot apply they park themselves; what they still fail on is an engine that is away, and that is waited for. */
export const RETRIES = {
  maximumRetryAttempts: -1,
  bisectBatchOnFunctionError: true,
  backoff: { initialMs: 100, maximumMs: 10_000 },
} as const

/** While a batch is handled, one read a second tells how many records wait behind it. */
export const LOOK_AHEAD_MS = 1_000

/** A pause behind a batch that was not full lets a busy stream fill the next one: fewer transactions for the same records. */
const TABLE_STREAM = {
  batchSize: 500,
  poll: { minimumMs: 50, maximumMs: 250 },
  lookAheadEveryMs: LOOK_AHEAD_MS,
} as const

export const trimmed =
  (log: Logger, stream: string) =>
  (shardId: string, after: string | null): void =>
    log.error('the stream no longer holds this position: reading on from its oldest record', { stream, shardId, after })

/** Starts to hand a table's changes to a handler, as a Lambda event source mapping does; a failure holds up what is behind it. */
export const startTableConsumer = (
  feed: TableFeed,
  { name, handler, batching = TABLE_STREAM }: TableConsumer,
): Mapping =>
  startMapping({
    ...feed,
    ...RETRIES,
    ...batching,
    name,
    handler,
    source: dynamoDBStreamSource(feed.streams, feed.tableStream, trimmed(feed.log, feed.tableStream)),
    toEvent: toDynamoDBStreamEvent,
  })
