import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { commandOperations } from '../../commands/http/operations.ts'
import { numbering } from '../../commands/numbering.ts'
import { SNAPSHOT_POLICY } from '../../commands/snapshotting.ts'
import { warmStreams } from '../../commands/warm-streams.ts'
import { auditOperations } from '../../read-api/audit/operations.ts'
import { readOperations } from '../../read-api/operations.ts'
import { parkedStreams } from '../../read-api/parked-streams.ts'
import { projectionStatus } from '../../read-api/projection-status.ts'
import { eventAccessLog } from '../access-log/event-log.ts'
import { backOff } from '../back-off.ts'
import { jitteredPauses } from '../decorrelated-jitter.ts'
import { dynamoDbClient } from '../dynamodb-client.ts'
import { reservationTableDefinition } from '../event-store/reservation-table.ts'
import { createTable, eventTableDefinition } from '../event-store/table.ts'
import { createApp } from '../http/app.ts'
import { docsRoutes } from '../http/docs-page.ts'
import { healthRoutes } from '../http/health.ts'
import { openApiOf } from '../http/openapi.ts'
import { loadOrCreateKeys } from '../identity/keys.ts'
import { embeddedAuthenticator } from '../identity/tokens.ts'
import type { Logger } from '../log/logger.ts'
import { businessFigures } from '../metrics/business.ts'
import { measuredEventStore } from '../metrics/measured-event-store.ts'
import { measuredReads } from '../metrics/measured-reads.ts'
import { prometheusMetrics } from '../metrics/prometheus.ts'
import {
  EVENT_TABLE_NAME,
  REQUEST_TABLE_NAME,
  RESERVATION_TABLE_NAME,
  SNAPSHOT_TABLE_NAME,
  SUBJECT_KEY_TABLE_NAME,
} from '../names.ts'
import { migrate } from '../postgres/migrate.ts'
import { readOnce } from '../postgres/one-read.ts'
import { ownerPool, projectorPool, readerPool } from '../postgres/pool.ts'
import { asReader } from '../postgres/reader.ts'
import { subjectKeyTableDefinition } from '../privacy/dynamo.ts'
import { privateEventStore } from '../privacy/private-event-store.ts'
import { dynamoRequestKeys, requestTableDefinition } from '../request-keys/dynamo.ts'
import { observedSearch } from '../search/observed.ts'
import { dynamoSnapshots, snapshotTableDefinition } from '../snapshots/dynamo.ts'
import { tracedEventStore } from '../tracing/traced-event-store.ts'
import { tracedReads } from '../tracing/traced-reads.ts'
import { newUlid } from '../ulids.ts'
import { localEventStore } from './event-store.ts'
import { localExportJobs } from './export-jobs.ts'
import { readFeedsReport } from './feeds-status.ts'
import { metricsRoute } from './metrics-route.ts'
import { prepareSearch } from './prepare-search.ts'
import { localPrivacy } from './privacy.ts'
import { productSearch } from './product-search.ts'
import { PROJECTION_NAMES, statusOfProjections } from './projection-status.ts'
import type { Settings } from './settings.ts'
import { localSubjectOperations } from './subjects.ts'
import { localTrail } from './trail.ts'

/** Version of the API as its description names it. */
const API_VERSION = '1.0.0'

/** Between tries that others were in the way of: about the time that a few transactions take. */
const CONTENTION_PAUSES = { baseMs: 5, capMs: 100 }

export type Api = {
  readonly fetch: (request: Request) => Response | Promise<Response>
  readonly close: () => Promise<void>
}

/** Builds the command API and the read API of a laptop on its engines; creates tables and schema first. */
export const composeApi = async (settings: Settings, log: Logger): Promise<Api> => {
  const metrics = prometheusMetrics()
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const [keys] = await Promise.all([
    loadOrCreateKeys(settings.dataDir),
    createTable(client, eventTableDefinition(EVENT_TABLE_NAME)),
    createTable(client, requestTableDefinition(REQUEST_TABLE_NAME)),
    createTable(client, reservationTableDefinition(RESERVATION_TABLE_NAME)),
    createTable(client, snapshotTableDefinition(SNAPSHOT_TABLE_NAME)),
    createTable(client, subjectKeyTableDefinition(SUBJECT_KEY_TABLE_NAME)),
    migrate(settings.postgresUrl),
  ])
  const connections = {
    applicationName: 'daybook-api',
    onIdleError: (error: Error) => log.warn('a Postgres connection broke', { error }),
  }
  const pool = readerPool(settings.postgresUrl, { max: 8, ...connections })
  const allTenants = projectorPool(settings.postgresUrl, { max: 1, ...connections })
  const owner = ownerPool(settings.postgresUrl, { max: 2, ...connections })
  const search = productSearch(settings, pool)
  const closing = new AbortController()
  void prepareSearch(search, log, closing.signal)
  const pauses = jitteredPauses(CONTENTION_PAUSES, Math.random, sleep)
  const privacy = await localPrivacy(client, settings.dataDir)
  const store = measuredEventStore(
    tracedEventStore(privateEventStore(localEventStore(client, settings.dataDir, pauses), privacy)),
    { metrics, now: () => performance.now(), appended: businessFigures(metrics) },
  )
  const status = statusOfProjections(allTenants, settings.dataDir, Date.now)
  const warm = warmStreams()
  const trail = localTrail(client, settings.dataDir)
  const jobs = localExportJobs(trail, settings.dataDir, log)
  const endpoints = [
    ...commandOperations({
      store,
      backOff,
      warm,
      numbering: numbering(pauses),
      snapshotting: {
        snapshots: dynamoSnapshots(client, SNAPSHOT_TABLE_NAME),
        ...SNAPSHOT_POLICY,
        now: () => performance.now(),
        background: (saving) => saving.catch((error: unknown) => log.warn('a snapshot was not kept', { error })),
      },
      keys: dynamoRequestKeys(client, REQUEST_TABLE_NAME),
      clock: () => new Date(),
      newId: newUlid,
      metrics,
    }),
    ...localSubjectOperations({ client, dataDir: settings.dataDir, privacy, store, warm, owner }),
    projectionStatus(status),
    parkedStreams({ projections: PROJECTION_NAMES, allTenants }),
    ...auditOperations({ ...trail, jobs }),
    ...readOperations({
      ...measuredReads(
        tracedReads({
          asReader: (tenant, work) => asReader(pool, tenant, work),
          readsOf: (tenant) => ({ query: (statement) => readOnce(pool, tenant, statement) }),
        }),
        metrics,
      ),
      search: observedSearch(search, metrics),
      events: store,
      clock: { now: () => performance.now(), sleep },
    }),
  ]
  const authenticate = embeddedAuthenticator(keys, () => new Date())
  const app = createApp({
    operations: endpoints,
    authenticate,
    newId: newUlid,
    log,
    accessLog: eventAccessLog(store, newUlid),
    metrics,
  })
  const description = openApiOf(endpoints, { version: API_VERSION, serverUrl: '/' })
  app.get('/openapi.json', (c) => c.json(description))
  app.get('/.well-known/jwks.json', (c) => c.json(keys.jwks))
  app.route('/', docsRoutes('/openapi.json'))
  const probes = {
    dynamodb: () => client.send(new DescribeTableCommand({ TableName: EVENT_TABLE_NAME })),
    postgres: () => pool.query('SELECT 1'),
    search: async () => {
      if (!(await search.ready())) throw new Error(`${search.engine} is not ready`)
    },
    feeds: () => readFeedsReport(settings.dataDir, Date.now()),
  }
  app.route('/', healthRoutes(probes, newUlid))
  app.route('/', metricsRoute(settings.dataDir, metrics, status))
  return {
    fetch: (request) => app.fetch(request),
    close: async () => {
      closing.abort()
      await jobs.close()
      await Promise.all([search.close(), pool.end(), allTenants.end(), owner.end()])
      client.destroy()
    },
  }
}
