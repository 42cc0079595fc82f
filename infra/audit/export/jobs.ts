import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ExportRequest, Watch } from './export.ts'
import { type ExportJobs, ended, holds, type Job, type JobBook, type JobRequest } from './job.ts'
import type { SignedManifest } from './manifest.ts'

type JobsDeps = {
  readonly book: JobBook
  /** Under which the exports lie. */
  readonly root: string
  readonly run: (request: ExportRequest, watch: Watch) => Promise<SignedManifest>
  readonly onFailure: (job: Job, error: unknown) => void
}

/** Exports that this process makes itself, one at a time, as files. */
export const exportJobs = ({ book, root, run, onFailure }: JobsDeps): ExportJobs => {
  const closing = new AbortController()
  const running = new Set<string>()
  let last: Promise<void> = Promise.resolve()
  const dirOf = (tenant: string, id: string): string => join(root, tenant, id)

  const perform = (job: Job, request: JobRequest): Promise<Job> => {
    const watch = { waiting: () => {}, onCommit: () => {}, signal: closing.signal }
    return ended(job, () => run({ ...request, dir: dirOf(request.tenant, job.id) }, watch), onFailure)
  }

  const find: ExportJobs['find'] = async (tenant, id) => {
    const job = await book.find(tenant, id)
    if (job?.status !== 'running' || running.has(id)) return job
    return { ...job, status: 'failed', reason: 'it was interrupted by a restart: ask for it again' }
  }

  return {
    begin: async (request) => {
      const job = await book.begun(request.tenant)
      running.add(job.id)
      last = last
        .then(async () => book.store(request.tenant, await perform(job, request)))
        .catch((error: unknown) => onFailure(job, error))
        .finally(() => running.delete(job.id))
      return job
    },
    find,
    open: async (tenant, id, name) => {
      if (!holds(await find(tenant, id), name)) return null
      return Readable.toWeb(createReadStream(join(dirOf(tenant, id), name))) as ReadableStream
    },
    close: async () => {
      closing.abort()
      await last
    },
  }
}
