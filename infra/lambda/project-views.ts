import { readingStore } from '../composition/event-store.ts'
import { viewsProjector } from '../composition/projectors.ts'
import { projectorPool } from '../postgres/pool.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { privacyOf, storeOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('project-views')
const log = loggerOf('project-views')
const { metrics, observed } = telemetryOf('project-views', told.DAYBOOK_STAGE, log)
const engines = storeOf(told)

/** Fills the views from the event table's stream. Its projections go on side by side, each on a connection. */
export const handler = observed(
  viewsProjector({
    pool: projectorPool(told.DAYBOOK_PROJECTOR_URL, { ...connections(log), max: 8 }),
    events: readingStore(engines),
    privacy: privacyOf(engines.client, told),
    log,
    metrics,
  }),
)
