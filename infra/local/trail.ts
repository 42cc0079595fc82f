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
import { LOCAL_BOUNDS, type TimeBounds } from '../event-store/time-bounds.ts'
import type { TimeIndex } from '../event-store/time-index.ts'
import { EVENT_TABLE_NAME } from '../names.ts'
import { documentsIn } from '../objects/documents.ts'
import { fileObjects } from '../objects/files.ts'
import { largeObjects } from './event-store.ts'

const GENESIS_KEY = 'audit/genesis.json'
const Genesis = strict({ from: t.string })
const HOUR_MS = 3_600_000

/** A write that takes its time may be missed by who reads so close behind the present. */
const RECENT: TimeBounds = { ...LOCAL_BOUNDS, stampLife: 0, straggling: 0, indexing: 0 }

export const corruptObject = (key: string, reason: string): CorruptTrail =>
  new CorruptTrail(`object ${key} of the trail ${reason}`)

export type LocalTrail = ExportDeps & {
  /** For reading what was done a moment ago, and not for sealing: it may miss what is still being written. */
  readonly recent: TimeIndex
  readonly keys: TrailKeys
  readonly tenants: () => Promise<ReadonlyArray<string>>
}

/** The audit trail of a laptop: digests and keys as files under the data directory. */
export const localTrail = (client: DynamoDBClient, dataDir: string): LocalTrail => {
  const objects = fileObjects(dataDir)
  const clock = (): Date => new Date()
  const documents = documentsIn(objects, corruptObject)
  const keys = fileKeys(dataDir, documents, clock)
  /** Commits from before there was a trail are in the archive. */
  const beginning = async (): Promise<string> => {
    const [hour] = (await archiveDocuments(objects).find(HOURS_KEY, Hours))?.hours ?? []
    const begun = new Date(clock().getTime() - HOUR_MS).toISOString()
    const archived = hour === undefined ? begun : `${hour}:00:00.000Z`
    return archived < begun ? archived : begun
  }
  let known: Promise<Date> | undefined
  const readGenesis = async (): Promise<Date> => {
    await documents.change(GENESIS_KEY, Genesis, async (known) => (known === null ? { from: await beginning() } : null))
    return new Date((await documents.read(GENESIS_KEY, Genesis)).from)
  }
  const genesis = (): Promise<Date> => {
    known ??= readGenesis().catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
  const indexBehind = (bounds: TimeBounds): TimeIndex =>
    dynamoTimeIndex({ client, table: EVENT_TABLE_NAME, backOff, clock, bounds, objects: largeObjects(dataDir) })
  return {
    index: indexBehind(LOCAL_BOUNDS),
    recent: indexBehind(RECENT),
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
