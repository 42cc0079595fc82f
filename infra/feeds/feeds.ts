import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import type { KinesisClient } from '@aws-sdk/client-kinesis'
import type { DynamoDBRecord, DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda'
import type { Logger } from '../log/logger.ts'
import { type Bridge, startBridge } from './bridge.ts'
import { dynamoDBStreamSource } from './dynamodb-stream-source.ts'
import { kinesisSource } from './kinesis-source.ts'
import { toDynamoDBStreamEvent, toKinesisStreamEvent } from './lambda-events.ts'
import { type Mapping, startMapping } from './mapping.ts'
import type { Discarded } from './mapping-config.ts'
import type { BatchResponse } from './outcome.ts'
import type { Positions } from './positions.ts'
import type { MappingStatus } from './progress.ts'

type Consumer<Event> = { readonly name: string; readonly handler: (event: Event) => Promise<BatchResponse> }

export type FeedsConfig = {
  readonly streams: DynamoDBStreamsClient
  readonly kinesis: KinesisClient
  /** ARN of the event table's stream. */
  readonly tableStream: string
  /** Attribute of the event table whose value becomes the Kinesis partition key. */
  readonly partitionKey: string
  readonly kinesisStream: string
  readonly onTableStream: ReadonlyArray<Consumer<DynamoDBStreamEvent>>
  /** `wants`: which changes the consumer reads; what none reads is not sent to Kinesis. */
  readonly onKinesis: ReadonlyArray<
    Consumer<KinesisStreamEvent> & { readonly wants: (change: DynamoDBRecord) => boolean }
  >
  readonly positions: Positions
  /** Of the bridge and of what reads Kinesis: these belong to where those records end up, and begin anew with it. */
  readonly kinesisPositions: Positions
  readonly onFailure: (discarded: Discarded) => Promise<void>
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly clock: () => number
}

type FeedsStatus = {
  readonly mappings: ReadonlyArray<MappingStatus>
  /** Records on their way from the bridge through all Kinesis consumers. */
  readonly unacknowledged: number
}

export type Feeds = {
  readonly status: () => FeedsStatus
  /** Stops consumers before the bridge, so that it learns what they did. */
  readonly stop: () => Promise<void>
}

/** What handlers cannot apply they park themselves; what they still fail on is an engine that is away, and that is waited for. */
const RETRIES = {
  maximumRetryAttempts: -1,
  bisectBatchOnFunctionError: true,
  backoff: { initialMs: 100, maximumMs: 10_000 },
} as const

/** A pause behind a batch that was not full lets a busy stream fill the next one: fewer transactions for the same records. */
const TABLE_STREAM = { batchSize: 500, poll: { minimumMs: 50, maximumMs: 250 } } as const

/** The embedded Kinesis takes milliseconds for a request, whatever is in it: five a second are enough. */
const BRIDGE = { batchSize: 500, poll: { minimumMs: 200, maximumMs: 250 } } as const

/** The bridge wakes these, so that they need not look often by themselves. */
const KINESIS = { batchSize: 500, parallel: 4, poll: { minimumMs: 2_000, maximumMs: 15_000 } } as const

const MAXIMUM_UNACKNOWLEDGED = 5_000

const trimmed =
  (log: Logger, stream: string) =>
  (shardId: string, after: string | null): void =>
    log.error('the stream no longer holds this position: reading on from its oldest record', { stream, shardId, after })

const startTableConsumers = (config: FeedsConfig): ReadonlyArray<Mapping> =>
  config.onTableStream.map(({ name, handler }) =>
    startMapping({
      ...config,
      ...RETRIES,
      ...TABLE_STREAM,
      name,
      handler,
      source: dynamoDBStreamSource(config.streams, config.tableStream, trimmed(config.log, config.tableStream)),
      toEvent: toDynamoDBStreamEvent,
    }),
  )

const startKinesisConsumers = (config: FeedsConfig, bridge: Bridge): ReadonlyArray<Mapping> =>
  config.onKinesis.map(({ name, handler }) =>
    startMapping({
      ...config,
      ...RETRIES,
      ...KINESIS,
      name,
      handler,
      positions: bridge.consumerPositions(config.kinesisPositions),
      source: kinesisSource(config.kinesis, config.kinesisStream, trimmed(config.log, config.kinesisStream)),
      toEvent: toKinesisStreamEvent,
    }),
  )

/** Starts every event source mapping of a laptop and the bridge between its two streams, which must exist. */
export const startFeeds = (config: FeedsConfig): Feeds => {
  let kinesisConsumers: ReadonlyArray<Mapping> = []
  const bridge = startBridge({
    ...config,
    ...BRIDGE,
    backoff: RETRIES.backoff,
    name: 'kinesis-bridge',
    positions: config.kinesisPositions,
    source: dynamoDBStreamSource(config.streams, config.tableStream, trimmed(config.log, config.tableStream)),
    stream: config.kinesisStream,
    consumers: config.onKinesis.map(({ name }) => name),
    wanted: (record) => config.onKinesis.some(({ wants }) => wants(record)),
    maximumUnacknowledged: MAXIMUM_UNACKNOWLEDGED,
    onPut: (shardIds) => {
      for (const { wake } of kinesisConsumers) shardIds.forEach(wake)
    },
  })
  kinesisConsumers = startKinesisConsumers(config, bridge)
  const consumers = [...startTableConsumers(config), ...kinesisConsumers]
  return {
    status: () => ({
      mappings: [...consumers, bridge].map(({ status }) => status()),
      unacknowledged: bridge.unacknowledged(),
    }),
    stop: async () => {
      await Promise.all(consumers.map(({ stop }) => stop()))
      await bridge.stop()
    },
  }
}
