import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { fileKeys } from '../audit/file-keys.ts'
import type { TrailKeys } from '../audit/trail-keys.ts'
import { type Trail, trailDocuments, trailOn } from '../composition/trail.ts'
import { fileObjects } from '../objects/files.ts'
import { localStore } from './event-store.ts'

export type LocalTrail = Trail & { readonly keys: TrailKeys }

/** The audit trail of a laptop: digests and keys as files under the data directory. */
export const localTrail = (client: DynamoDBClient, dataDir: string): LocalTrail => {
  const objects = fileObjects(dataDir)
  const keys = fileKeys(dataDir, trailDocuments(objects), () => new Date())
  return { ...trailOn(localStore(client, dataDir), objects, keys), keys }
}
