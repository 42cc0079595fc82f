import { readingStore } from '../composition/event-store.ts'
import { relayTo } from '../composition/relay.ts'
import { eventBridgeBus, eventBridgeClient } from '../relay/eventbridge.ts'
import { loggerOf } from './engines/log.ts'
import { storeOf } from './engines/store.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('relay')

/** Tells the event bus what the Kinesis stream brings; what can never be told stands in the log. */
export const handler = relayTo({
  stage: told.DAYBOOK_STAGE,
  bus: eventBridgeBus(eventBridgeClient(), told.DAYBOOK_EVENT_BUS),
  events: readingStore(storeOf(told)),
  log: loggerOf('relay'),
  onRefused: () => {},
})
