import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { projectionStatus } from '../../read-api/projection-status.ts'
import { apiOf, describeIn } from '../composition/api.ts'
import { processesOn } from '../composition/processes.ts'
import { readSide } from '../composition/read-side.ts'
import { subjectSide } from '../composition/subjects.ts'
import { writeSide } from '../composition/write-side.ts'
import { dynamoDbClient } from '../dynamodb-client.ts'
import { reservationTableDefinition } from '../event-store/reservation-table.ts'
import { createTable, eventTableDefinition } from '../event-store/table.ts'
import { fileFlags } from '../flags/file.ts'
import { healthRoutes } from '../http/health.ts'
import { loadOrCreateKeys } from '../identity/keys.ts'
import { embeddedAuthenticator } from '../identity/tokens.ts'
import type { Logger } from '../log/logger.ts'
import { prometheusMetrics } from '../metrics/prometheus.ts'
import {
  EVENT_TABLE_NAME,
  REQUEST_TABLE_NAME,
  RESERVATION_TABLE_NAME,
  SNAPSHOT_TABLE_NAME,
  SUBJECT_KEY_TABLE_NAME,
} from '../names.ts'
import { migrate } from '../postgres/migrate.ts'
import { ownerPool, projectorPool, readerPool } from '../postgres/pool.ts'
import { subjectKeyTableDefinition } from '../privacy/dynamo.ts'
import { requestTableDefinition } from '../request-keys/dynamo.ts'
import { snapshotTableDefinition } from '../snapshots/dynamo.ts'
import { newUlid } from '../ulids.ts'
import { localStore } from './event-store.ts'
import { localExportJobs } from './export-jobs.ts'
import { readFeedsReport } from './feeds-status.ts'
import { metricsRoute } from './metrics-route.ts'
import { prepareSearch } from './prepare-search.ts'
import { localPrivacy } from './privacy.ts'
import { keepProcessing } from './processing.ts'
import { productSearch } from './product-search.ts'
import { statusOfProjections } from './projection-status.ts'
import type { Settings } from './settings.ts'
import { localTrail } from './trail.ts'

const TABLES = { reservations: RESERVATION_TABLE_NAME, requests: REQUEST_TABLE_NAME, snapshots: SNAPSHOT_TABLE_NAME }

export type LocalApi = {
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly close: () => Promise<void>
}

const createTables = (client: DynamoDBClient): Promise<ReadonlyArray<unknown>> =>
  Promise.all([
    createTable(client, eventTableDefinition(EVENT_TABLE_NAME)),
    createTable(client, requestTableDefinition(REQUEST_TABLE_NAME)),
    createTable(client, reservationTableDefinition(RESERVATION_TABLE_NAME)),
    createTable(client, snapshotTableDefinition(SNAPSHOT_TABLE_NAME)),
    createTable(client, subjectKeyTableDefinition(SUBJECT_KEY_TABLE_NAME)),
  ])

/** Pools of all three users. */
const poolsOf = ({ postgresUrl }: Settings, log: Logger) => {
  const connections = {
    applicationName: 'daybook-api',
    onIdleError: (error: Error) => log.warn('a Postgres connection broke', { error }),
  }
  return {
    reader: readerPool(postgresUrl, { max: 8, ...connections }),
    allTenants: projectorPool(postgresUrl, { max: 2, ...connections }),
    owner: ownerPool(postgresUrl, { max: 2, ...connections }),
  }
}

/** Builds the command API and the read API of a laptop on its engines; creates tables and schema first. */
export const composeApi = async (settings: Settings, log: Logger): Promise<LocalApi> => {
  const { dataDir } = settings
  const metrics = prometheusMetrics()
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const [keys] = await Promise.all([loadOrCreateKeys(dataDir), createTables(client), migrate(settings.postgresUrl)])
  const { reader, allTenants, owner } = poolsOf(settings, log)
  const search = productSearch(settings, reader)
  const closing = new AbortController()
  void prepareSearch(search, log, closing.signal)
  const engines = localStore(client, dataDir)
  const privacy = await localPrivacy(client, dataDir)
  const background = (saving: Promise<unknown>) =>
    saving.catch((error: unknown) => log.warn('a snapshot was not kept', { error }))
  const writes = writeSide({ engines, tables: TABLES, privacy, background, metrics })
  const trail = localTrail(client, dataDir)
  const jobs = localExportJobs(trail, dataDir, log)
  const status = statusOfProjections(allTenants, dataDir, Date.now)
  const work = processesOn({ ...writes, allTenants, flags: fileFlags(dataDir, log), log, metrics })
  const processing = keepProcessing(work, log, closing.signal)
  const operations = [
    ...writes.operations,
    ...subjectSide({ engines, privacy, owner, ...writes }),
    projectionStatus(status),
    ...readSide({ reader, allTenants, search, events: writes.store, trail, jobs, metrics }),
  ]
  const authenticate = embeddedAuthenticator(keys, () => new Date())
  const api = apiOf({ operations, authenticate, store: writes.store, log, metrics })
  describeIn(api, operations, { serverUrl: '/' })
  api.get('/.well-known/jwks.json', (c) => c.json(keys.jwks))
  const probes = {
    dynamodb: () => client.send(new DescribeTableCommand({ TableName: EVENT_TABLE_NAME })),
    postgres: () => reader.query('SELECT 1'),
    search: async () => {
      if (!(await search.ready())) throw new Error(`${search.engine} is not ready`)
    },
    feeds: () => readFeedsReport(dataDir, Date.now()),
  }
  api.route('/', healthRoutes(probes, newUlid))
  api.route('/', metricsRoute(dataDir, metrics, status))
  return {
    fetch: (request) => api.fetch(request),
    close: async () => {
      closing.abort()
      await Promise.all([jobs.close(), processing])
      await Promise.all([search.close(), reader.end(), allTenants.end(), owner.end()])
      client.destroy()
    },
  }
}
