import { join } from 'node:path'
import { exportTrail } from '../audit/export/export.ts'
import { type ExportJobs, jobBook } from '../audit/export/job.ts'
import { exportJobs } from '../audit/export/jobs.ts'
import { type Trail, trailDocuments } from '../composition/trail.ts'
import type { Logger } from '../log/logger.ts'
import { fileObjects } from '../objects/files.ts'
import { newUlid } from '../ulids.ts'

/** Exports that are asked for over HTTP, kept under the data directory. */
export const localExportJobs = (trail: Trail, dataDir: string, log: Logger): ExportJobs =>
  exportJobs({
    book: jobBook(trailDocuments(fileObjects(dataDir)), newUlid, trail.clock),
    root: join(dataDir, 'exports'),
    run: (request, watch) => exportTrail(trail, request, watch),
    onFailure: ({ id }, error) => log.error('an export of the trail failed', { id, error }),
  })
