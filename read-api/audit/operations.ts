import type { ExportJobs } from '../../infra/audit/export/job.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { type AuditDeps, auditEvents } from './audit-events.ts'
import { exportOperations } from './exports.ts'

/** What auditors may ask for. */
export const auditOperations = (deps: AuditDeps & { readonly jobs: ExportJobs }): ReadonlyArray<Operation> => [
  auditEvents(deps),
  ...exportOperations(deps.jobs),
]
