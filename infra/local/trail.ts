import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as t from 'io-ts'
import { strict } from '../../schemas/strict.ts'
import { archiveDocuments, Hours, Tenants } from '../archive/documents.ts'
import { HOURS_KEY, TENANTS_KEY } from '../archive/keys.ts'
import { CorruptTrail } from '../audit/corrupt-trail.ts'
import { digestsIn } from '../audit/digests.ts'
import type { ExportDeps } from '../audit/export/export.ts'
import { fileKeys, type TrailKeys } from '../audit/file-keys.ts'
import { backOff } from '../back-off.ts'
import { dynamoTimeIndex } from '../event-store/dynamo-time-index.ts'
import { LOCAL_BOUNDS } from '../event-store/time-bounds.ts'
import { EVENT_TABLE_NAME } from '../names.ts'
import { documentsIn } from '../objects/documents.ts'
import { fileObjects } from '../objects/files.ts'
import { largeObjects } from './event-store.ts'

const GENESIS_KEY = 'audit/genesis.json'
const Genesis = strict({ from: t.string })
const HOUR_MS = 3_600_000

export type LocalTrail = ExportDeps & {
  readonly keys: TrailKeys
  readonly tenants: () => Promise<ReadonlyArray<string>>
}

/** The audit trail of a laptop: digests and keys as files under the data directory. */
export const localTrail = (client: DynamoDBClient, dataDir: string): LocalTrail => {
  const objects = fileObjects(dataDir)
  const clock = (): Date => new Date()
  const documents = documentsIn(objects, (key, reason) => new CorruptTrail(`object ${key} of the trail ${reason}`))
  const keys = fileKeys(dataDir, documents, clock)
  /** Commits from before there was a trail are in the archive. */
  const beginning = async (): Promise<string> => {
    const [hour] = (await archiveDocuments(objects).find(HOURS_KEY, Hours))?.hours ?? []
    const begun = new Date(clock().getTime() - HOUR_MS).toISOString()
    const archived = hour === undefined ? begun : `${hour}:00:00.000Z`
    return archived < begun ? archived : begun
  }
  const genesis = async (): Promise<Date> => {
    await documents.change(GENESIS_KEY, Genesis, async (known) => (known === null ? { from: await beginning() } : null))
    return new Date((await documents.read(GENESIS_KEY, Genesis)).from)
  }
  return {
    index: dynamoTimeIndex({
      client,
      table: EVENT_TABLE_NAME,
      backOff,
      clock,
      bounds: LOCAL_BOUNDS,
      objects: largeObjects(dataDir),
    }),
    digests: digestsIn(objects),
    keys,
    signer: keys.signer,
    history: keys.history,
    clock,
    sleep: (ms) => sleep(ms),
    genesis,
    tenants: async () => (await archiveDocuments(objects).find(TENANTS_KEY, Tenants))?.tenants ?? [],
  }
}
