import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import type { Pool } from 'pg'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { readArchive } from '../archive/read.ts'
import { dynamoScan } from '../event-store/scan.ts'
import type { Logger } from '../log/logger.ts'
import type { ConditionalObjects } from '../objects/port.ts'
import { ownerPool, type PoolOptions } from '../postgres/pool.ts'
import { privateReads } from '../privacy/private-event-store.ts'
import type { Privacy } from '../privacy/private-events.ts'
import { privateCommits, privateScan } from '../privacy/private-scan.ts'
import { pacedAt, unpaced } from '../rebuild/pace.ts'
import type { ProductIndexes } from '../search/port.ts'
import type { IndexRebuildDeps } from '../search/rebuild/rings.ts'
import { readingStore, type StoreEngines } from './event-store.ts'

/** What views are rebuilt from, and where they are. */
export type ReplayHome = {
  readonly store: StoreEngines
  readonly privacy: Privacy
  readonly archive: ConditionalObjects
  /** Of the views' owner. */
  readonly postgresUrl: string
  readonly passwordOf?: PoolOptions['passwordOf']
  /** @param pool of the views' owner. */
  readonly indexesIn: (pool: Pool) => ProductIndexes & { readonly close: () => Promise<void> }
}

export type ReplayEngines = IndexRebuildDeps & { readonly close: () => Promise<void> }

/** What a replay works on. @param maxReadRate commits a second, at most; default no bound. */
export const replayOn = async (
  { store, privacy, archive, postgresUrl, passwordOf, indexesIn }: ReplayHome,
  log: Logger,
  maxReadRate: number | undefined,
): Promise<ReplayEngines> => {
  const connections: PoolOptions = {
    max: 8,
    applicationName: 'daybook-replay',
    onIdleError: (error) => log.warn('a Postgres connection broke', { error }),
    ...(passwordOf && { passwordOf }),
  }
  const { Table: table } = await store.client.send(new DescribeTableCommand({ TableName: store.table }))
  const pool = ownerPool(postgresUrl, connections)
  const indexes = indexesIn(pool)
  return {
    indexes,
    events: privateReads(readingStore(store), privacy),
    scan: privateScan(dynamoScan(store), privacy),
    decode: recordedEventsOf(eventCodecs),
    pool,
    poolIn: (schema) => ownerPool(postgresUrl, { ...connections, schema }),
    archive: () => privateCommits(readArchive(archive), privacy),
    size: table?.ItemCount ?? 0,
    pace: maxReadRate === undefined ? unpaced : pacedAt(maxReadRate, { now: () => performance.now(), sleep }),
    log,
    close: async () => {
      await Promise.all([indexes.close(), pool.end()])
      store.client.destroy()
    },
  }
}
