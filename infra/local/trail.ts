import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { fileKeys } from '../audit/file-keys.ts'
import { recentTrail, trailOn } from '../composition/trail.ts'
import { fileObjects } from '../objects/files.ts'
import { localStore } from './event-store.ts'

export type LocalTrail = ReturnType<typeof localTrail>

/** The audit trail of a laptop: digests and keys as files under the data directory. */
export const localTrail = (client: DynamoDBClient, dataDir: string) => {
  const [engines, objects] = [localStore(client, dataDir), fileObjects(dataDir)]
  const trail = trailOn(engines, objects, (documents, clock) => fileKeys(dataDir, documents, clock))
  return { ...recentTrail(engines, objects), ...trail }
}
