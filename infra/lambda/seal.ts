import type { Context } from 'aws-lambda'
import { sealAll } from '../audit/digester.ts'
import { s3Client } from '../objects/s3.ts'
import { loggerOf } from './engines/log.ts'
import { storeOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { beforeTheEnd } from './engines/time-left.ts'
import { trailOf } from './engines/trail.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('seal')
const log = loggerOf('seal')
const { metrics, observed } = telemetryOf('seal', told.DAYBOOK_STAGE, log)
const s3 = s3Client()
const trail = trailOf(storeOf(told, s3), s3, told)

/** Seals the windows of all tenants that are over; what it does not get to, the next run does. */
export const handler = observed(
  (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> =>
    sealAll({ ...trail, log, metrics }, beforeTheEnd(context)),
)
