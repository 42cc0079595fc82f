import * as t from 'io-ts'
import { strict } from '../../../schemas/strict.ts'
import { Instant } from '../../../schemas/time.ts'
import type { FORMATS } from './export.ts'
import { Filter } from './filter.ts'
import { type ExportJobs, holds, type JobBook, type JobRequest } from './job.ts'

const Format = t.keyof({ jsonl: null, csv: null, parquet: null } satisfies { [F in (typeof FORMATS)[number]]: null })

/** What is handed to whoever makes an export elsewhere. */
export const Asked = t.intersection([
  strict({ id: t.string, tenant: t.string, filter: Filter, format: Format }),
  t.partial({ from: Instant, to: Instant, gzip: t.boolean }),
])
export type Asked = t.TypeOf<typeof Asked>

const askedOf = (id: string, { from, to, ...request }: JobRequest): Asked => ({
  id,
  ...request,
  ...(from !== undefined && { from: from.toISOString() }),
  ...(to !== undefined && { to: to.toISOString() }),
})

export const requestOf = ({ tenant, filter, format, from, to, gzip }: Asked): JobRequest => ({
  tenant,
  filter,
  format,
  ...(from !== undefined && { from: new Date(from) }),
  ...(to !== undefined && { to: new Date(to) }),
  ...(gzip !== undefined && { gzip }),
})

/** Where the files of an export lie in object storage. */
export const fileKey = (tenant: string, id: string, name: string): string => `exports/${tenant}/${id}/${name}`

export type RemoteJobsDeps = {
  readonly book: JobBook
  readonly clock: () => Date
  /** Has the export made; resolves when that is certain to be tried. */
  readonly start: (asked: Asked) => Promise<void>
  /** Where whoever has this URL gets the object for a short while, without a token. */
  readonly urlOf: (key: string) => Promise<URL>
  /** Milliseconds after which an export that is not done never will be. */
  readonly patienceMs: number
}

/** Exports that are made elsewhere and lie in object storage. */
export const remoteJobs = ({ book, clock, start, urlOf, patienceMs }: RemoteJobsDeps): ExportJobs => {
  const find: ExportJobs['find'] = async (tenant, id) => {
    const job = await book.find(tenant, id)
    if (job?.status !== 'running' || clock().getTime() - Date.parse(job.askedAt) <= patienceMs) return job
    return { ...job, status: 'failed', reason: 'it took too long: ask for a shorter time' }
  }
  return {
    begin: async (request) => {
      const job = await book.begun(request.tenant)
      await start(askedOf(job.id, request))
      return job
    },
    find,
    open: async (tenant, id, name) => (holds(await find(tenant, id), name) ? urlOf(fileKey(tenant, id, name)) : null),
    close: async () => {},
  }
}
