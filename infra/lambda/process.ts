import type { Context } from 'aws-lambda'
import { processesOn, type Worked } from '../composition/processes.ts'
import { writeSide } from '../composition/write-side.ts'
import { appConfigFlags } from '../flags/appconfig.ts'
import { projectorPool } from '../postgres/pool.ts'
import { flagsPlaceOf } from './engines/flags.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { backgroundOf } from './engines/serving.ts'
import { privacyOf, storeOf, tablesOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { beforeTheEnd } from './engines/time-left.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('process')
const log = loggerOf('process')
const { metrics, observed } = telemetryOf('process', told.DAYBOOK_STAGE, log)
const { background, settled } = backgroundOf(log)
const engines = storeOf(told)
const { writing } = writeSide({
  engines,
  tables: tablesOf(told),
  privacy: privacyOf(engines.client, told),
  background,
  metrics,
})
const work = processesOn({
  writing,
  allTenants: projectorPool(told.DAYBOOK_PROJECTOR_URL, connections(log)),
  flags: appConfigFlags(flagsPlaceOf(told), log),
  log,
  metrics,
})

/** Takes the steps of processes that are due; what it does not get to, the next run does. Runs by a schedule. */
export const handler = observed(async (_: unknown, context: Context): Promise<Worked> => {
  const worked = await work(beforeTheEnd(context))
  await settled()
  return worked
})
