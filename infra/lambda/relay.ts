import { readingStore } from '../composition/event-store.ts'
import { relayTo } from '../composition/relay.ts'
import { METRICS } from '../metrics/definitions.ts'
import { eventBridgeBus, eventBridgeClient } from '../relay/eventbridge.ts'
import { measuredBus } from '../relay/measured-bus.ts'
import { loggerOf } from './engines/log.ts'
import { storeOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('relay')
const log = loggerOf('relay')
const { metrics, observed } = telemetryOf('relay', told.DAYBOOK_STAGE, log)

/** Tells the event bus what the Kinesis stream brings; what can never be told stands in the log. */
export const handler = observed(
  relayTo({
    stage: told.DAYBOOK_STAGE,
    bus: measuredBus(eventBridgeBus(eventBridgeClient(), told.DAYBOOK_EVENT_BUS), metrics),
    events: readingStore(storeOf(told)),
    log,
    onRefused: () => metrics.record(METRICS.integrationEvents, { Outcome: 'refused' }),
  }),
)
