import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ExportJobs, Job } from '../../infra/audit/export/job.ts'
import { type Operation, operation } from '../../schemas/endpoint.ts'
import { nullable } from '../../schemas/nullable.ts'
import { problem } from '../../schemas/problem.ts'
import type { Role } from '../../schemas/role.ts'
import { DescribedType, text } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { ok } from '../replies.ts'
import { ASKED, filterOf } from './audit-query.ts'

const AUDITORS: ReadonlyArray<Role> = ['admin', 'auditor']

const Format = t.keyof({ jsonl: null, csv: null, parquet: null })
const Body = t.exact(t.partial({ ...ASKED, format: Format, gzip: t.boolean }), 'ExportRequest')

const ExportFile = t.strict({ name: t.string, size: t.number, sha256: t.string, url: t.string }, 'ExportFile')
const Export = t.strict(
  {
    id: t.string,
    status: t.keyof({ running: null, done: null, failed: null }),
    askedAt: Instant,
    reason: nullable(t.string),
    files: t.readonlyArray(ExportFile),
    manifestUrl: nullable(t.string),
  },
  'Export',
)
type Export = t.TypeOf<typeof Export>

const EXPORT_NOT_FOUND = { status: 404, code: 'export_not_found' } as const
const notFound = problem(404, EXPORT_NOT_FOUND.code, 'There is no such export, or no such file in it yet')

const viewOf = ({ id, status, askedAt, reason, files }: Job): Export => {
  const urlOf = (name: string): string => `/v1/audit/exports/${id}/files/${name}`
  return {
    id,
    status,
    askedAt,
    reason,
    files: files.map((file) => ({ ...file, url: urlOf(file.name) })),
    manifestUrl: status === 'done' ? urlOf('manifest.json') : null,
  }
}

/** Ids are ULIDs of ours; another text names no export, and no file either. */
const ID = /^[0-9A-Z]{26}$/
const ExportId = new DescribedType<string>(
  'ExportId',
  { type: 'string', pattern: ID.source },
  (input) => (typeof input === 'string' && ID.test(input) ? input : undefined),
  'must be the id of an export',
)

const beginExport = (jobs: ExportJobs): Operation =>
  operation({
    method: 'POST',
    path: '/v1/audit/exports',
    operationId: 'createAuditExport',
    summary: 'Ask for an export of the trail, which is made in the background',
    tag: 'Audit',
    roles: AUDITORS,
    headers: [],
    records: 'audit',
    problems: [],
    params: t.unknown,
    query: t.unknown,
    body: Body,
    reply: { status: 201, description: 'The export, and how far it is', body: Export },
    handle: async ({ caller: { tenant }, body: { from, to, format = 'jsonl', gzip, ...asked } }) => {
      const job = await jobs.begin({
        tenant,
        filter: filterOf(asked),
        format,
        ...(gzip !== undefined && { gzip }),
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
      })
      return E.right({ status: 201, body: viewOf(job), headers: { Location: `/v1/audit/exports/${job.id}` } })
    },
  })

const getExport = (jobs: ExportJobs): Operation =>
  operation({
    method: 'GET',
    path: '/v1/audit/exports/{id}',
    operationId: 'getAuditExport',
    summary: 'How far an export is, and where its files are',
    tag: 'Audit',
    roles: AUDITORS,
    headers: [],
    problems: [EXPORT_NOT_FOUND],
    params: t.strict({ id: ExportId }),
    query: t.unknown,
    body: t.unknown,
    reply: { status: 200, description: 'The export', body: Export },
    handle: async ({ caller: { tenant }, params: { id } }) => {
      const job = await jobs.find(tenant, id)
      return job === null ? E.left(notFound) : ok(viewOf(job))
    },
  })

const getExportFile = (jobs: ExportJobs): Operation =>
  operation({
    method: 'GET',
    path: '/v1/audit/exports/{id}/files/{name}',
    operationId: 'getAuditExportFile',
    summary: 'A file of an export that is done',
    tag: 'Audit',
    roles: AUDITORS,
    headers: [],
    records: 'audit',
    problems: [EXPORT_NOT_FOUND],
    params: t.strict({ id: ExportId, name: text(1, 64) }),
    query: t.unknown,
    body: t.unknown,
    reply: { status: 200, description: 'The bytes of the file, or 303 to where they are', body: t.unknown },
    handle: async ({ caller: { tenant }, params: { id, name } }) => {
      const found = await jobs.open(tenant, id, name)
      if (found instanceof URL) return E.right({ status: 303, body: {}, headers: { Location: found.href } })
      return found === null ? E.left(notFound) : ok(found)
    },
  })

/** Exports as jobs: asked for, looked after, downloaded file by file. */
export const exportOperations = (jobs: ExportJobs): ReadonlyArray<Operation> => [
  beginExport(jobs),
  getExport(jobs),
  getExportFile(jobs),
]
