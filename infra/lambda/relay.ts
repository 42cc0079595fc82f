import { setTimeout as sleep } from 'node:timers/promises'
import { eventCodecs, personalData } from '../../projections/event-codecs.ts'
import { readingStore } from '../composition/event-store.ts'
import { jitteredPauses } from '../decorrelated-jitter.ts'
import { commitOfImage } from '../event-store/item.ts'
import { eventBridgeBus, eventBridgeClient } from '../relay/eventbridge.ts'
import { kinesisRelay } from '../relay/on-kinesis.ts'
import { publishing } from '../relay/registry.ts'
import { loggerOf } from './engines/log.ts'
import { storeOf } from './engines/store.ts'
import { environmentOf } from './environment.ts'

/** Between tries of what the bus did not take: it asks for less, or somebody deploys. */
const PAUSES = { baseMs: 100, capMs: 2_000 }

const told = environmentOf('relay')
const log = loggerOf('relay')

/** Tells other systems what happened, over EventBridge. */
export const handler = kinesisRelay({
  codecs: eventCodecs,
  publishing,
  personal: personalData,
  stage: told.DAYBOOK_STAGE,
  bus: eventBridgeBus(eventBridgeClient(), told.DAYBOOK_EVENT_BUS),
  events: readingStore(storeOf(told)),
  commitOfImage,
  pauses: jitteredPauses(PAUSES, Math.random, sleep),
  log,
  onRefused: () => {},
})
