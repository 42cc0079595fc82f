import { join } from 'node:path'
import type { DynamoDBRecord, KinesisStreamEvent } from 'aws-lambda'
import { productSearch as productSearchView } from '../../projections/views/product-search.ts'
import { tableStreamArchiver } from '../archive/on-table-stream.ts'
import { readingStore } from '../composition/event-store.ts'
import { archiving, productsProjector, viewsProjector } from '../composition/projectors.ts'
import { registerViews } from '../composition/register-views.ts'
import { dynamoDbClient } from '../dynamodb-client.ts'
import { EVENT_TABLE, streamOfPartitionKey } from '../event-store/keys.ts'
import { deadLetterFiles } from '../feeds/dead-letters.ts'
import { type Feeds, startFeeds } from '../feeds/feeds.ts'
import { filePositions } from '../feeds/file-positions.ts'
import { kinesisSource } from '../feeds/kinesis-source.ts'
import { ensureKinesisStream } from '../feeds/kinesis-stream.ts'
import { untilLost } from '../feeds/kinesis-watch.ts'
import { feedsDirectory } from '../feeds/status-file.ts'
import { localKinesisClient, localStreamsClient } from '../feeds/stream-clients.ts'
import { tableStream } from '../feeds/table-stream.ts'
import type { Logger } from '../log/logger.ts'
import { type Metrics, silentMetrics } from '../metrics/port.ts'
import { EVENT_TABLE_NAME, KINESIS_SHARDS, KINESIS_STREAM_NAME } from '../names.ts'
import { fileObjects } from '../objects/files.ts'
import { migrate } from '../postgres/migrate.ts'
import { ownerPool, projectorPool } from '../postgres/pool.ts'
import { ARCHIVE, SEARCH, VIEWS } from './consumers.ts'
import { localStore } from './event-store.ts'
import { localPrivacy } from './privacy.ts'
import { productSearch } from './product-search.ts'
import { keepSealing } from './sealing.ts'
import type { Settings } from './settings.ts'
import { localTrail } from './trail.ts'

export type RunningFeeds = Feeds & {
  /** Resolves with the reason when the feeds must start anew, because the embedded Kinesis did; null at a stop. */
  readonly lost: Promise<string | null>
}

const concernsProducts = ({ dynamodb }: DynamoDBRecord): boolean => {
  const stream = streamOfPartitionKey(dynamodb?.Keys?.[EVENT_TABLE.partitionKey]?.S ?? '')
  return stream === undefined || productSearchView.streamTypes.includes(stream.type)
}

/** A part of an hour's archive is a batch: a few large ones are wanted, and nobody waits for them. */
const ARCHIVING = {
  batchSize: 1_000,
  maximumBatchingWindowMs: 15_000,
  poll: { minimumMs: 250, maximumMs: 1_000 },
} as const

/** The read side's handlers on the engines of `settings`. */
const readSide = async (settings: Settings, log: Logger, metrics: Metrics) => {
  const pool = projectorPool(settings.postgresUrl, {
    max: 8,
    applicationName: 'daybook-feeds',
    onIdleError: (error) => log.warn('a Postgres connection broke', { error }),
  })
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const events = readingStore(localStore(client, settings.dataDir))
  const privacy = await localPrivacy(client, settings.dataDir)
  const search = productSearch(settings, pool)
  const projecting = { pool, events, log, metrics }
  const projectSearch = productsProjector({ ...projecting, search })
  let prepared = false
  return {
    client,
    projectViews: viewsProjector({ ...projecting, privacy }),
    archive: tableStreamArchiver(archiving({ ...projecting, objects: fileObjects(settings.dataDir) })),
    searchEngine: search.engine,
    // Prepared here, not at the start: while the search engine is away, the views go on.
    projectSearch: async (event: KinesisStreamEvent) => {
      if (!prepared) await search.prepare()
      prepared = true
      return projectSearch(event)
    },
    close: async () => {
      await Promise.all([search.close(), pool.end()])
      client.destroy()
    },
  }
}

/** The newest schema, and a note of which projections serve. */
const prepareViews = async (postgresUrl: string): Promise<void> => {
  await migrate(postgresUrl)
  const pool = ownerPool(postgresUrl, { max: 1 })
  await registerViews(pool).finally(() => pool.end())
}

/**
 * Starts the feeds of a laptop: waits for the event table, brings the views' schema up to date and creates the Kinesis stream
 * first. Null when `signal` aborts before. Rejects when an engine is away.
 */
export const composeFeeds = async (
  settings: Settings,
  log: Logger,
  signal: AbortSignal,
  metrics: Metrics = silentMetrics,
): Promise<RunningFeeds | null> => {
  await prepareViews(settings.postgresUrl)
  const { client, projectViews, archive, projectSearch, searchEngine, close } = await readSide(settings, log, metrics)
  const kinesis = localKinesisClient(settings.kinesisEndpoint)
  await ensureKinesisStream(kinesis, KINESIS_STREAM_NAME, KINESIS_SHARDS, signal)
  const arn = await tableStream(client, EVENT_TABLE_NAME, signal)
  if (arn === null) {
    await close()
    return null
  }
  const { identity } = kinesisSource(kinesis, KINESIS_STREAM_NAME, () => {})
  const directory = feedsDirectory(settings.dataDir)
  const feeds = startFeeds({
    streams: localStreamsClient(settings.dynamodbEndpoint),
    kinesis,
    tableStream: arn,
    partitionKey: EVENT_TABLE.partitionKey,
    kinesisStream: KINESIS_STREAM_NAME,
    onTableStream: [
      { name: VIEWS, handler: projectViews },
      { name: ARCHIVE, handler: archive, batching: ARCHIVING },
    ],
    onKinesis: [{ name: SEARCH, handler: projectSearch, wants: concernsProducts }],
    positions: filePositions(join(directory, 'positions'), log),
    // Another search engine starts empty, so it is fed from the beginning.
    kinesisPositions: filePositions(join(directory, 'positions', searchEngine), log),
    onFailure: deadLetterFiles(join(directory, 'discarded')),
    log,
    clock: Date.now,
  })
  const sealing = keepSealing(localTrail(client, settings.dataDir), { log, metrics }, signal)
  return {
    status: feeds.status,
    stop: async () => {
      await Promise.all([feeds.stop(), sealing])
      await close()
    },
    lost: untilLost(identity, await identity(), 5_000, signal),
  }
}
