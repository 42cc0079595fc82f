import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import * as t from 'io-ts'
import { strict } from '../../../schemas/strict.ts'
import type { Documents } from '../../objects/documents.ts'
import { CorruptTrail } from '../corrupt-trail.ts'
import { ExportRefused, type ExportRequest, type Watch } from './export.ts'
import { FILE_NAMES, MANIFEST, type SignedManifest } from './manifest.ts'

const File = strict({ name: t.string, size: t.number, sha256: t.string })

const Job = strict({
  id: t.string,
  status: t.keyof({ running: null, done: null, failed: null }),
  askedAt: t.string,
  /** Why it failed. */
  reason: t.union([t.null, t.string]),
  files: t.readonlyArray(File),
})
/** An export that somebody asked for, and how far it is. */
export type Job = t.TypeOf<typeof Job>

export type JobRequest = Omit<ExportRequest, 'dir'>

/** Exports that are made in the background, one at a time, and kept to be downloaded. */
export type ExportJobs = {
  readonly begin: (request: JobRequest) => Promise<Job>
  readonly find: (tenant: string, id: string) => Promise<Job | null>
  /** The bytes of a file of an export that is done; null where there is none of this name. */
  readonly open: (tenant: string, id: string, name: string) => Promise<ReadableStream | null>
  /** Stops what is under way; it is told as failed. */
  readonly close: () => Promise<void>
}

type JobsDeps = {
  readonly documents: Documents
  /** Under which the exports lie. */
  readonly root: string
  readonly newId: () => string
  readonly clock: () => Date
  readonly run: (request: ExportRequest, watch: Watch) => Promise<SignedManifest>
  readonly onFailure: (job: Job, error: unknown) => void
}

const keyOf = (tenant: string, id: string): string => `exports/${tenant}/${id}.json`

/** What a user is told; anything else is in the log. */
const reasonOf = (error: unknown): string =>
  error instanceof ExportRefused || error instanceof CorruptTrail
    ? error.message
    : 'it failed: ask for it again, the log of the API tells why'

export const exportJobs = ({ documents, root, newId, clock, run, onFailure }: JobsDeps): ExportJobs => {
  const closing = new AbortController()
  const running = new Set<string>()
  let last: Promise<void> = Promise.resolve()
  const dirOf = (tenant: string, id: string): string => join(root, tenant, id)
  const store = (tenant: string, job: Job): Promise<void> =>
    documents.change(keyOf(tenant, job.id), Job, async () => job)

  const perform = async (job: Job, request: JobRequest): Promise<Job> => {
    try {
      const watch = { waiting: () => {}, onCommit: () => {}, signal: closing.signal }
      const { body } = await run({ ...request, dir: dirOf(request.tenant, job.id) }, watch)
      return { ...job, status: 'done', files: body.files }
    } catch (error) {
      onFailure(job, error)
      return { ...job, status: 'failed', reason: reasonOf(error) }
    }
  }

  const find: ExportJobs['find'] = async (tenant, id) => {
    const job = await documents.find(keyOf(tenant, id), Job)
    if (job?.status !== 'running' || running.has(id)) return job
    return { ...job, status: 'failed', reason: 'it was interrupted by a restart: ask for it again' }
  }

  return {
    begin: async (request) => {
      const job: Job = { id: newId(), status: 'running', askedAt: clock().toISOString(), reason: null, files: [] }
      await store(request.tenant, job)
      running.add(job.id)
      last = last
        .then(async () => store(request.tenant, await perform(job, request)))
        .catch((error: unknown) => onFailure(job, error))
        .finally(() => running.delete(job.id))
      return job
    },
    find,
    open: async (tenant, id, name) => {
      const known = name === MANIFEST || FILE_NAMES.some((each) => each === name)
      const job = known ? await find(tenant, id) : null
      if (job?.status !== 'done' || !(name === MANIFEST || job.files.some((file) => file.name === name))) return null
      return Readable.toWeb(createReadStream(join(dirOf(tenant, id), name))) as ReadableStream
    },
    close: async () => {
      closing.abort()
      await last
    },
  }
}
