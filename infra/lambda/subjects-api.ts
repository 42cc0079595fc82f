import { apiOf } from '../composition/api.ts'
import { subjectSide } from '../composition/subjects.ts'
import { writeSide } from '../composition/write-side.ts'
import { ownerPool } from '../postgres/pool.ts'
import { authenticatorOf } from './engines/identity.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { backgroundOf, serving } from './engines/serving.ts'
import { privacyOf, storeOf, tablesOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('subjects-api')
const log = loggerOf('subjects-api')
const { metrics, observed } = telemetryOf('subjects-api', told.DAYBOOK_STAGE, log)
const { background, settled } = backgroundOf(log)
const engines = storeOf(told)
const privacy = privacyOf(engines.client, told)
const writes = writeSide({ engines, tables: tablesOf(told), privacy, background, metrics })
const owner = ownerPool(told.DAYBOOK_OWNER_URL, connections(log))
const operations = subjectSide({ engines, privacy, owner, ...writes })

/** What an admin may ask about people: it alone acts as the views' owner. */
const api = apiOf({ operations, authenticate: authenticatorOf(told), store: writes.store, log, metrics })
export const handler = observed(serving(api, settled))
