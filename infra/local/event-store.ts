import { join } from 'node:path'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { StoreEngines } from '../composition/event-store.ts'
import { LOCAL_BOUNDS } from '../event-store/time-bounds.ts'
import { EVENT_TABLE_NAME } from '../names.ts'
import { fileObjects } from '../objects/files.ts'

/** The event store of a laptop: the embedded DynamoDB, and files under the data directory for what is large. */
export const localStore = (client: DynamoDBClient, dataDir: string): StoreEngines => ({
  client,
  table: EVENT_TABLE_NAME,
  objects: fileObjects(join(dataDir, 'objects')),
  bounds: LOCAL_BOUNDS,
})
