import { readingStore } from '../composition/event-store.ts'
import { productsProjector } from '../composition/projectors.ts'
import { projectorPool } from '../postgres/pool.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { searchOf } from './engines/search.ts'
import { storeOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('project-search')
const log = loggerOf('project-search')
const { metrics, observed } = telemetryOf('project-search', told.DAYBOOK_STAGE, log)

/** Fills the search index, which `migrate` has prepared, from the Kinesis stream. */
export const handler = observed(
  productsProjector({
    pool: projectorPool(told.DAYBOOK_PROJECTOR_URL, connections(log)),
    events: readingStore(storeOf(told)),
    search: searchOf(told),
    log,
    metrics,
  }),
)
