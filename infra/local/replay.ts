import { type ReplayEngines, replayOn } from '../composition/replay.ts'
import { dynamoDbClient } from '../dynamodb-client.ts'
import type { Logger } from '../log/logger.ts'
import { fileObjects } from '../objects/files.ts'
import { localStore } from './event-store.ts'
import { localPrivacy } from './privacy.ts'
import { productIndexes } from './product-search.ts'
import type { Settings } from './settings.ts'

/** What a replay works on: the engines of an instance. @param maxReadRate commits a second, at most; default no bound. */
export const replayEngines = async (
  settings: Settings,
  log: Logger,
  maxReadRate: number | undefined,
): Promise<ReplayEngines> => {
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const home = {
    store: localStore(client, settings.dataDir),
    privacy: await localPrivacy(client, settings.dataDir),
    archive: fileObjects(settings.dataDir),
    postgresUrl: settings.postgresUrl,
    indexesIn: (pool: Parameters<typeof productIndexes>[1]) => productIndexes(settings, pool),
  }
  return replayOn(home, log, maxReadRate)
}
