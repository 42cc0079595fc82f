import { apiOf } from '../composition/api.ts'
import { writeSide } from '../composition/write-side.ts'
import { authenticatorOf } from './engines/identity.ts'
import { loggerOf } from './engines/log.ts'
import { backgroundOf, serving } from './engines/serving.ts'
import { privacyOf, storeOf, tablesOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('command-api')
const log = loggerOf('command-api')
const { metrics, observed } = telemetryOf('command-api', told.DAYBOOK_STAGE, log)
const { background, settled } = backgroundOf(log)
const engines = storeOf(told)
const privacy = privacyOf(engines.client, told)
const { operations, store } = writeSide({ engines, tables: tablesOf(told), privacy, background, metrics })

/** Commands over HTTP. They need nothing of what answers queries. */
const api = apiOf({ operations, authenticate: authenticatorOf(told), store, log, metrics })
export const handler = observed(serving(api, settled))
