import type { KinesisClient } from '@aws-sdk/client-kinesis'
import type { DynamoDBRecord, KinesisStreamEvent } from 'aws-lambda'
import { type Bridge, startBridge } from './bridge.ts'
import { type ConsumerStatus, kinesisConsumerStatus, tableConsumerStatus } from './consumer-status.ts'
import { dynamoDBStreamSource } from './dynamodb-stream-source.ts'
import { kinesisSource } from './kinesis-source.ts'
import { toKinesisStreamEvent } from './lambda-events.ts'
import { type Mapping, startMapping } from './mapping.ts'
import type { MappingStatus } from './mapping-status.ts'
import type { Positions } from './positions.ts'
import {
  type Consumer,
  LOOK_AHEAD_MS,
  RETRIES,
  startTableConsumer,
  type TableConsumer,
  type TableFeed,
  trimmed,
} from './table-consumer.ts'

export type FeedsConfig = TableFeed & {
  readonly kinesis: KinesisClient
  /** Attribute of the event table whose value becomes the Kinesis partition key. */
  readonly partitionKey: string
  readonly kinesisStream: string
  readonly onTableStream: ReadonlyArray<TableConsumer>
  /** `wants`: which changes the consumer reads; what none reads is not sent to Kinesis. */
  readonly onKinesis: ReadonlyArray<
    Consumer<KinesisStreamEvent> & { readonly wants: (change: DynamoDBRecord) => boolean }
  >
  /** Of the bridge and of what reads Kinesis: these belong to where those records end up, and begin anew with it. */
  readonly kinesisPositions: Positions
}

type FeedsStatus = {
  /** How far each consumer is behind the event table. */
  readonly consumers: ReadonlyArray<ConsumerStatus>
  readonly mappings: ReadonlyArray<MappingStatus>
  /** Records on their way from the bridge through all Kinesis consumers. */
  readonly unacknowledged: number
}

export type Feeds = {
  readonly status: () => FeedsStatus
  /** Stops consumers before the bridge, so that it learns what they did. */
  readonly stop: () => Promise<void>
}

/** The embedded Kinesis takes milliseconds for a request, whatever is in it: five a second are enough. */
const BRIDGE = { batchSize: 500, poll: { minimumMs: 200, maximumMs: 250 }, lookAheadEveryMs: LOOK_AHEAD_MS } as const

/** The bridge wakes these, so that they need not look often by themselves. */
const KINESIS = { batchSize: 500, parallel: 4, poll: { minimumMs: 2_000, maximumMs: 15_000 } } as const

const MAXIMUM_UNACKNOWLEDGED = 5_000

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
  const tableConsumers = config.onTableStream.map((consumer) => startTableConsumer(config, consumer))
  const consumers = [...tableConsumers, ...kinesisConsumers]
  return {
    status: () => ({
      consumers: [
        ...tableConsumers.map(({ status }) => tableConsumerStatus(status())),
        ...kinesisConsumers.map(({ status }) => kinesisConsumerStatus(status(), bridge)),
      ],
      mappings: [...consumers, bridge].map(({ status }) => status()),
      unacknowledged: bridge.unacknowledged(),
    }),
    stop: async () => {
      await Promise.all(consumers.map(({ stop }) => stop()))
      await bridge.stop()
    },
  }
}
