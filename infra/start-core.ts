import { setTimeout as sleep } from 'node:timers/promises'
import { executeCommand } from '../commands/execute-command.ts'
import { warmStreams } from '../commands/warm-streams.ts'
import { postgresProjector } from '../projections/postgres-projector.ts'
import type { ReadModel } from '../projections/read-model.ts'
import type { EventCodecs } from '../projections/recorded.ts'
import type { ReadDeps } from '../read-api/read-deps.ts'
import { backOff } from './back-off.ts'
import { dynamoDbClient } from './dynamodb-client.ts'
import { dynamoEventStore } from './event-store/dynamo.ts'
import { commitOfImage } from './event-store/item.ts'
import { systemStamp } from './event-store/stamp.ts'
import { createTable, eventTableDefinition } from './event-store/table.ts'
import { memoryPositions } from './feeds/positions.ts'
import { localStreamsClient } from './feeds/stream-clients.ts'
import { startTableConsumer } from './feeds/table-consumer.ts'
import { tableStream } from './feeds/table-stream.ts'
import type { Logger } from './log/logger.ts'
import { migrate } from './postgres/migrate.ts'
import { readOnce } from './postgres/one-read.ts'
import { projectorPool, readerPool } from './postgres/pool.ts'
import { asReader } from './postgres/reader.ts'
import { postgresRebuilds } from './rebuild/postgres-rings.ts'
import { postgresViewStore } from './views/postgres.ts'

export type CoreOptions = {
  readonly dynamodbEndpoint: string
  /** Name of the event table; it is created unless it is there. */
  readonly eventTable: string
  /** A database whose user owns the views. */
  readonly postgresUrl: string
  /** Directory of the views' SQL; without it, the one of this checkout. */
  readonly migrations?: string
  readonly projections: ReadonlyArray<ReadModel>
  /** Of the events in all streams that the projections read. */
  readonly codecs: EventCodecs
  readonly log: Logger
}

export type Core = {
  /** Executes a command on the event store; see `executeCommand`. */
  readonly execute: ReturnType<typeof executeCommand>
  /** What queries take. */
  readonly reads: ReadDeps
  readonly close: () => Promise<void>
}

/** Reads the table's stream from its oldest record at every start: what the views hold already, they drop. */
const followTable = async (
  { dynamodbEndpoint, eventTable, log }: CoreOptions,
  client: ReturnType<typeof dynamoDbClient>,
  handler: ReturnType<typeof postgresProjector>,
): Promise<() => Promise<void>> => {
  const arn = await tableStream(client, eventTable, new AbortController().signal)
  if (arn === null) throw new Error(`${eventTable} has no stream`)
  const streams = localStreamsClient(dynamodbEndpoint)
  const onFailure = async (discarded: { readonly reason: string }): Promise<void> => {
    log.error('records were discarded', discarded)
  }
  const feed = { streams, tableStream: arn, positions: memoryPositions(), onFailure, log, clock: Date.now }
  const consumer = startTableConsumer(feed, { name: 'views', handler })
  return async () => {
    await consumer.stop()
    streams.destroy()
  }
}

/**
 * The core for any domain in one process on a laptop's engines: an event store, a projector that follows it, and what queries
 * need. Commits that are too large for an item are refused. `npm start` composes the same parts for Daybook's own domain, in two processes. Rejects when an engine is away.
 */
export const startCore = async (options: CoreOptions): Promise<Core> => {
  const { dynamodbEndpoint, eventTable, postgresUrl, migrations, projections, codecs, log } = options
  const client = dynamoDbClient(dynamodbEndpoint)
  await Promise.all([createTable(client, eventTableDefinition(eventTable)), migrate(postgresUrl, migrations)])
  const events = dynamoEventStore({ client, table: eventTable, ...systemStamp() })
  const onIdleError = (error: Error): void => log.warn('a Postgres connection broke', { error })
  const projecting = projectorPool(postgresUrl, { onIdleError })
  const reading = readerPool(postgresUrl, { onIdleError })
  const project = postgresProjector({
    projections,
    codecs,
    views: postgresViewStore(projecting),
    events,
    commitOfImage,
    rebuilds: postgresRebuilds(projecting),
    log,
  })
  const unfollow = await followTable(options, client, project)
  return {
    execute: executeCommand({ store: events, backOff, warm: warmStreams() }),
    reads: {
      asReader: (tenant, work) => asReader(reading, tenant, work),
      readsOf: (tenant) => ({ query: (statement) => readOnce(reading, tenant, statement) }),
      events,
      clock: { now: () => performance.now(), sleep },
    },
    close: async () => {
      await unfollow()
      await Promise.all([projecting.end(), reading.end()])
      client.destroy()
    },
  }
}
