import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { readArchive } from '../archive/read.ts'
import { readingStore } from '../composition/event-store.ts'
import { dynamoDbClient } from '../dynamodb-client.ts'
import { dynamoScan } from '../event-store/scan.ts'
import type { Logger } from '../log/logger.ts'
import { EVENT_TABLE_NAME } from '../names.ts'
import { fileObjects } from '../objects/files.ts'
import { ownerPool } from '../postgres/pool.ts'
import { privateReads } from '../privacy/private-event-store.ts'
import { privateCommits, privateScan } from '../privacy/private-scan.ts'
import { pacedAt, unpaced } from '../rebuild/pace.ts'
import type { IndexRebuildDeps } from '../search/rebuild/rings.ts'
import { localStore } from './event-store.ts'
import { localPrivacy } from './privacy.ts'
import { productIndexes } from './product-search.ts'
import type { Settings } from './settings.ts'

export type ReplayEngines = IndexRebuildDeps & {
  readonly close: () => Promise<void>
}

/** What a replay works on: the engines of an instance. @param maxReadRate commits a second, at most; default no bound. */
export const replayEngines = async (
  settings: Settings,
  log: Logger,
  maxReadRate: number | undefined,
): Promise<ReplayEngines> => {
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const onIdleError = (error: Error): void => log.warn('a Postgres connection broke', { error })
  const connections = { max: 8, applicationName: 'daybook-replay', onIdleError }
  const pool = ownerPool(settings.postgresUrl, connections)
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: EVENT_TABLE_NAME }))
  const indexes = productIndexes(settings, pool)
  const privacy = await localPrivacy(client, settings.dataDir)
  const store = localStore(client, settings.dataDir)
  return {
    indexes,
    events: privateReads(readingStore(store), privacy),
    scan: privateScan(dynamoScan(store), privacy),
    decode: recordedEventsOf(eventCodecs),
    pool,
    poolIn: (schema) => ownerPool(settings.postgresUrl, { ...connections, schema }),
    archive: () => privateCommits(readArchive(fileObjects(settings.dataDir)), privacy),
    size: table?.ItemCount ?? 0,
    pace: maxReadRate === undefined ? unpaced : pacedAt(maxReadRate, { now: () => performance.now(), sleep }),
    log,
    close: async () => {
      await Promise.all([indexes.close(), pool.end()])
      client.destroy()
    },
  }
}
