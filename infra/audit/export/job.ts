import * as t from 'io-ts'
import { strict } from '../../../schemas/strict.ts'
import type { Documents } from '../../objects/documents.ts'
import { CorruptTrail } from '../corrupt-trail.ts'
import { ExportRefused, type ExportRequest } from './export.ts'
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

/** Exports that are made in the background and kept to be downloaded. */
export type ExportJobs = {
  readonly begin: (request: JobRequest) => Promise<Job>
  readonly find: (tenant: string, id: string) => Promise<Job | null>
  /** The bytes of a file of an export that is done, or where they are; null where there is none of this name. */
  readonly open: (tenant: string, id: string, name: string) => Promise<ReadableStream | URL | null>
  /** Stops what is under way in this process; it is told as failed. */
  readonly close: () => Promise<void>
}

const keyOf = (tenant: string, id: string): string => `exports/${tenant}/${id}.json`

/** Where jobs are remembered, a document each. */
export type JobBook = {
  /** A job that runs from now on. */
  readonly begun: (tenant: string) => Promise<Job>
  readonly find: (tenant: string, id: string) => Promise<Job | null>
  readonly store: (tenant: string, job: Job) => Promise<void>
}

export const jobBook = (documents: Documents, newId: () => string, clock: () => Date): JobBook => {
  const store: JobBook['store'] = (tenant, job) => documents.change(keyOf(tenant, job.id), Job, async () => job)
  return {
    begun: async (tenant) => {
      const job: Job = { id: newId(), status: 'running', askedAt: clock().toISOString(), reason: null, files: [] }
      await store(tenant, job)
      return job
    },
    find: (tenant, id) => documents.find(keyOf(tenant, id), Job),
    store,
  }
}

/** What a user is told; anything else is in the log. */
const reasonOf = (error: unknown): string =>
  error instanceof ExportRefused || error instanceof CorruptTrail
    ? error.message
    : 'it failed: ask for it again, the log of the API tells why'

/** The job as it ends. Never rejects. */
export const ended = async (
  job: Job,
  make: () => Promise<SignedManifest>,
  onFailure: (job: Job, error: unknown) => void,
): Promise<Job> => {
  try {
    const { body } = await make()
    return { ...job, status: 'done', files: body.files }
  } catch (error) {
    onFailure(job, error)
    return { ...job, status: 'failed', reason: reasonOf(error) }
  }
}

/** Whether the job is done and its export has a file of this name. */
export const holds = (job: Job | null, name: string): boolean =>
  job?.status === 'done' &&
  (name === MANIFEST || (FILE_NAMES.some((each) => each === name) && job.files.some((file) => file.name === name)))
