import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { decode } from '../../schemas/decode.ts'
import { ExportRefused, exportTrail } from '../audit/export/export.ts'
import { ended } from '../audit/export/job.ts'
import { Asked, requestOf } from '../audit/export/remote-jobs.ts'
import { uploadExport } from '../audit/export/upload.ts'
import { s3Client } from '../objects/s3.ts'
import { exportBook } from './engines/exports.ts'
import { loggerOf } from './engines/log.ts'
import { storeOf } from './engines/store.ts'
import { beforeTheEnd } from './engines/time-left.ts'
import { trailOf } from './engines/trail.ts'
import { environmentOf } from './environment.ts'

const told = environmentOf('export-trail')
const log = loggerOf('export-trail')
const s3 = s3Client()
const trail = trailOf(storeOf(told, s3), s3, told)
const book = exportBook(s3, told.DAYBOOK_EXPORT_BUCKET)

const TOO_LONG = new ExportRefused('it takes longer than a function may run: ask for a shorter time')

/** Makes the export that `query-api` asks for, as files, and uploads them; how it ended stands in the job's document. */
export const handler = async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
  const asked = decode(Asked, event)
  if (E.isLeft(asked)) throw new TypeError(`this asks for no export: ${JSON.stringify(asked.left)}`)
  const { tenant, id } = asked.right
  const job = await book.find(tenant, id)
  if (job === null) throw new Error(`there is no job ${id} of ${tenant}`)
  // Lambda delivers at least once.
  if (job.status !== 'running') return
  const place = await mkdtemp(join(tmpdir(), 'export-'))
  const watch = { waiting: () => {}, onCommit: () => {}, signal: beforeTheEnd(context, TOO_LONG) }
  const make = async () => {
    const dir = join(place, id)
    const manifest = await exportTrail(trail, { ...requestOf(asked.right), dir }, watch)
    await uploadExport(s3, told.DAYBOOK_EXPORT_BUCKET, { tenant, id, dir, files: manifest.body.files })
    return manifest
  }
  try {
    await book.store(
      tenant,
      await ended(job, make, (_, error) => log.error('an export of the trail failed', { id, error })),
    )
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
