import { join } from 'node:path'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { projectionStatus } from '../../read-api/projection-status.ts'
import { apiOf, describeIn } from '../composition/api.ts'
import { comparedStatus } from '../composition/compared-status.ts'
import { readSide } from '../composition/read-side.ts'
import { subjectSide } from '../composition/subjects.ts'
import { recentTrail, tenantsIn } from '../composition/trail.ts'
import { writeSide } from '../composition/write-side.ts'
import { newestCommits } from '../event-store/newest-commits.ts'
import { healthRoutes } from '../http/health.ts'
import { s3Client, s3Objects } from '../objects/s3.ts'
import { projectorPool, readerPool } from '../postgres/pool.ts'
import { newUlid } from '../ulids.ts'
import { exportsOf } from './engines/exports.ts'
import { authenticatorOf } from './engines/identity.ts'
import { loggerOf } from './engines/log.ts'
import { connections } from './engines/postgres.ts'
import { IMPATIENT, searchOf } from './engines/search.ts'
import { backgroundOf, serving } from './engines/serving.ts'
import { privacyOf, storeOf, tablesOf } from './engines/store.ts'
import { telemetryOf } from './engines/telemetry.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('query-api')
const log = loggerOf('query-api')
const { metrics, observed } = telemetryOf('query-api', told.DAYBOOK_STAGE, log)
const { background, settled } = backgroundOf(log)
const s3 = s3Client()
const engines = storeOf(told, s3)
const privacy = privacyOf(engines.client, told)
const writes = writeSide({ engines, tables: tablesOf(told), privacy, background, metrics })
const reader = readerPool(told.DAYBOOK_READER_URL, connections(log))
const allTenants = projectorPool(told.DAYBOOK_PROJECTOR_URL, { ...connections(log), max: 1 })
const search = searchOf(told, IMPATIENT)

const trail = s3Objects(s3, told.DAYBOOK_TRAIL_BUCKET)
const status = comparedStatus({
  pool: allTenants,
  search,
  newest: newestCommits(engines),
  tenants: tenantsIn(trail),
  clock: () => new Date(),
})

const operations = [
  projectionStatus(() => status().then(E.right)),
  ...readSide({
    reader,
    allTenants,
    search,
    events: writes.store,
    trail: recentTrail(engines, trail),
    jobs: exportsOf(s3, told),
    metrics,
  }),
]
const api = apiOf({ operations, authenticate: authenticatorOf(told), store: writes.store, log, metrics })

// Described here, served by others: none of these is called.
const elsewhere = [...writes.operations, ...subjectSide({ engines, privacy, owner: reader, ...writes })]
// The API stands below the name of its stage.
describeIn(api, [...elsewhere, ...operations], { serverUrl: '.', assets: join(import.meta.dirname, 'docs') })

const probes = {
  dynamodb: () => engines.client.send(new DescribeTableCommand({ TableName: engines.table })),
  postgres: () => reader.query('SELECT 1'),
  search: async () => {
    if (!(await search.ready())) throw new Error('OpenSearch is not ready')
  },
}
api.route('/', healthRoutes(probes, newUlid, told.DAYBOOK_RELEASE))

/** Queries over HTTP, exports of the trail, the API's description, and whether all of that works. */
export const handler = observed(serving(api, settled))
