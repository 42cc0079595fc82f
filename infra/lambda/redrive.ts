import { LambdaClient } from '@aws-sdk/client-lambda'
import type { Context } from 'aws-lambda'
import { CONCERNED } from '../composition/concerned.ts'
import { s3GivenUp } from '../feeds/given-up-objects.ts'
import { lambdaRetry } from '../feeds/lambda-retry.ts'
import { type RedrivenAll, redriveAll } from '../feeds/redrive-all.ts'
import { measuredParking } from '../metrics/projection-measures.ts'
import { s3Client } from '../objects/s3.ts'
import { projectorPool } from '../postgres/pool.ts'
import { parkGivenUp } from '../views/park-given-up.ts'
import { postgresViewStore } from '../views/postgres.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { beforeTheEnd } from './engines/time-left.ts'
import { environmentOf } from './environment.ts'
import { FUNCTION_NAMES } from './functions.ts'

const told = environmentOf('redrive')
const log = loggerOf('redrive')
const { metrics, observed } = telemetryOf('redrive', told.DAYBOOK_STAGE, log)
const views = measuredParking(postgresViewStore(projectorPool(told.DAYBOOK_PROJECTOR_URL, connections(log))), metrics)

/** The names that functions are deployed under end with their own. */
const concernedBy = (functionArn: string) => {
  const deployed = functionArn.split(':')[6] ?? ''
  const name = FUNCTION_NAMES.find((each) => deployed.endsWith(`-${each}`)) ?? ''
  return CONCERNED[name] ?? []
}

const deps = {
  objects: s3GivenUp(s3Client(), told.DAYBOOK_FAILURES_BUCKET),
  retry: lambdaRetry(new LambdaClient(), log),
  park: async (functionArn: string, record: Parameters<typeof parkGivenUp>[2], error: string) => {
    const concerned = concernedBy(functionArn)
    await parkGivenUp(views, concerned, record, error)
    return concerned.length > 0
  },
  log,
}

/** Tries what the feeds' mappings gave up once more, and parks what fails still. Runs by a schedule. */
export const handler = observed(
  (_: unknown, context: Context): Promise<RedrivenAll> => redriveAll(deps, beforeTheEnd(context)),
)
