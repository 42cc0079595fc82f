import { kinesisArchiver } from '../archive/on-kinesis.ts'
import { readingStore } from '../composition/event-store.ts'
import { archiving } from '../composition/projectors.ts'
import { s3Client, s3Objects } from '../objects/s3.ts'
import { projectorPool } from '../postgres/pool.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { storeOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('archive')
const log = loggerOf('archive')
const { metrics, observed } = telemetryOf('archive', told.DAYBOOK_STAGE, log)
const s3 = s3Client()

/** Archives every commit that the Kinesis stream tells of. */
export const handler = observed(
  kinesisArchiver(
    archiving({
      pool: projectorPool(told.DAYBOOK_PROJECTOR_URL, connections(log)),
      events: readingStore(storeOf(told, s3)),
      objects: s3Objects(s3, told.DAYBOOK_TRAIL_BUCKET),
      log,
      metrics,
    }),
  ),
)
