import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { AuditDeps } from '../../read-api/audit/audit-events.ts'
import { auditOperations } from '../../read-api/audit/operations.ts'
import { readOperations } from '../../read-api/operations.ts'
import { parkedStreams } from '../../read-api/parked-streams.ts'
import type { ReadDeps } from '../../read-api/read-deps.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import type { ExportJobs } from '../audit/export/job.ts'
import type { EventStore } from '../event-store/port.ts'
import { measuredReads } from '../metrics/measured-reads.ts'
import type { Metrics } from '../metrics/port.ts'
import { readOnce } from '../postgres/one-read.ts'
import { asReader } from '../postgres/reader.ts'
import { observedSearch } from '../search/observed.ts'
import type { ProductSearch } from '../search/port.ts'
import { tracedReads } from '../tracing/traced-reads.ts'
import { PROJECTION_NAMES } from './projections.ts'

export type ReadEngines = {
  /** Of `readerPool`. */
  readonly reader: Pool
  /** Of `projectorPool`: sees the rows of every tenant. */
  readonly allTenants: Pool
  readonly search: ProductSearch
  /** What is personal stands in the open. */
  readonly events: Pick<EventStore, 'read' | 'tail'>
  readonly trail: AuditDeps
  readonly jobs: ExportJobs
  readonly metrics: Metrics
}

const readsOn = (reader: Pool): Pick<ReadDeps, 'asReader' | 'readsOf'> => ({
  asReader: (tenant, work) => asReader(reader, tenant, work),
  readsOf: (tenant) => ({ query: (statement) => readOnce(reader, tenant, statement) }),
})

/** Every query of the HTTP API, the auditors' and what projections have parked. */
export const readSide = ({
  reader,
  allTenants,
  search,
  events,
  trail,
  jobs,
  metrics,
}: ReadEngines): ReadonlyArray<Operation> => [
  parkedStreams({ projections: PROJECTION_NAMES, allTenants }),
  ...auditOperations({ ...trail, jobs }),
  ...readOperations({
    ...measuredReads(tracedReads(readsOn(reader)), metrics),
    search: observedSearch(search, metrics),
    events,
    clock: { now: () => performance.now(), sleep },
  }),
]
