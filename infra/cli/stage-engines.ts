import { readingStore } from '../composition/event-store.ts'
import { relayAgainTo } from '../composition/relay.ts'
import { type ReplayEngines, replayOn } from '../composition/replay.ts'
import { recentTrail } from '../composition/trail.ts'
import { domainOf } from '../lambda/engines/search.ts'
import { privacyOf, storeOf } from '../lambda/engines/store.ts'
import { trailOf } from '../lambda/engines/trail.ts'
import type { Logger } from '../log/logger.ts'
import { s3Client, s3Objects } from '../objects/s3.ts'
import { iamPassword } from '../postgres/iam-password.ts'
import { eventBridgeBus, eventBridgeClient } from '../relay/eventbridge.ts'
import { openSearchIndexes } from '../search/opensearch-indexes.ts'
import { stageNamed } from './stage.ts'

/** What a replay works on: the engines of a stage, which this machine must reach. */
export const stageReplay = async (
  name: string,
  log: Logger,
  maxReadRate: number | undefined,
): Promise<ReplayEngines> => {
  const stage = await stageNamed(name)
  const s3 = s3Client()
  const store = storeOf(stage, s3)
  const home = {
    store,
    privacy: privacyOf(store.client, stage),
    archive: s3Objects(s3, stage.DAYBOOK_TRAIL_BUCKET),
    postgresUrl: stage.DAYBOOK_OWNER_URL,
    passwordOf: iamPassword,
    indexesIn: () => openSearchIndexes(domainOf(stage)),
  }
  return replayOn(home, log, maxReadRate)
}

/** What tells other systems of a stream of a stage once more. */
export const stageRelay = async (name: string) => {
  const stage = await stageNamed(name)
  const bus = eventBridgeBus(eventBridgeClient(), stage.DAYBOOK_EVENT_BUS)
  return relayAgainTo({ stage: name, bus, events: readingStore(storeOf(stage)) })
}

/** The trail of a stage, and the event store that it is about. */
export const stageTrail = async (name: string) => {
  const stage = await stageNamed(name)
  const s3 = s3Client()
  const store = storeOf(stage, s3)
  const recent = recentTrail(store, s3Objects(s3, stage.DAYBOOK_TRAIL_BUCKET))
  return { store, trail: { ...recent, ...trailOf(store, s3, stage) } }
}
