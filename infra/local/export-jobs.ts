import { join } from 'node:path'
import { exportTrail } from '../audit/export/export.ts'
import { type ExportJobs, exportJobs } from '../audit/export/jobs.ts'
import type { Logger } from '../log/logger.ts'
import { documentsIn } from '../objects/documents.ts'
import { fileObjects } from '../objects/files.ts'
import { newUlid } from '../ulids.ts'
import { corruptObject, type LocalTrail } from './trail.ts'

/** Exports that are asked for over HTTP, kept under the data directory. */
export const localExportJobs = (trail: LocalTrail, dataDir: string, log: Logger): ExportJobs =>
  exportJobs({
    documents: documentsIn(fileObjects(dataDir), corruptObject),
    root: join(dataDir, 'exports'),
    newId: newUlid,
    clock: trail.clock,
    run: (request, watch) => exportTrail(trail, request, watch),
    onFailure: ({ id }, error) => log.error('an export of the trail failed', { id, error }),
  })
