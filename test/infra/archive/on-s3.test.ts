import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import { s3Client, s3Objects } from '../../../infra/objects/s3.ts'
import { BUCKET, startS3mock } from '../../engines/s3mock.ts'
import { commitsOf } from './commits-in-time.ts'
import { listedLines, readAll } from './reading.ts'

const dir = mkdtempSync(join(tmpdir(), 'daybook-archive-'))
const engine = await startS3mock(dir)
afterAll(async () => {
  await engine?.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe.runIf(engine !== null)('an archive in S3', () => {
  test('holds each commit once, in whichever batches it came', async () => {
    const connect = () => s3Objects(s3Client(engine?.url), BUCKET)
    const commits = await commitsOf(12)
    for (const batch of [commits.slice(5, 9), commits.slice(0, 7), commits, commits.slice(3)]) {
      await archiveIn(connect()).add(batch)
    }
    expect(await readAll(connect())).toEqual(commits)
    expect(await listedLines(connect())).toBe(12)
  })
})
