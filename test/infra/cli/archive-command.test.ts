import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveIn } from '../../../infra/archive/archive.ts'
import { HOURS_KEY } from '../../../infra/archive/keys.ts'
import { fileObjects } from '../../../infra/objects/files.ts'
import { commitsOf } from '../archive/commits-in-time.ts'
import { manifestsOf } from '../archive/reading.ts'
import { temporaryDir } from '../local/temporary-dir.ts'
import { daybook } from './command-line.ts'

const archivedIn = async (dataDir: string): Promise<string> => {
  const objects = fileObjects(dataDir)
  await archiveIn(objects).add(await commitsOf(9))
  return (await manifestsOf(objects))[1]?.parts[0]?.key ?? ''
}

test('an archive is verified from its files alone', async () => {
  const dataDir = temporaryDir()
  await archivedIn(dataDir)
  const words = '3 hours, 9 commits of 3 streams, 0 faults\n'
  expect(await daybook('archive', 'verify', '--data-dir', dataDir)).toEqual({ code: 0, stdout: words, stderr: '' })
  const { code, stdout } = await daybook('--json', 'archive', 'verify', '--data-dir', dataDir)
  expect([code, JSON.parse(stdout)]).toEqual([0, { hours: 3, commits: 9, streams: 3, faults: 0, examples: [] }])
})

test('a part that is gone or altered is named, and the command fails', async () => {
  const dataDir = temporaryDir()
  const key = await archivedIn(dataDir)
  writeFileSync(join(dataDir, key), 'x')
  const altered = await daybook('archive', 'verify', '--data-dir', dataDir)
  expect(altered.code).toBe(1)
  expect(altered.stderr).toMatch(
    `error: the archive is not intact: object ${key} of the archive has 1 bytes instead of`,
  )
  rmSync(join(dataDir, key))
  const gone = await daybook('--json', 'archive', 'verify', '--data-dir', dataDir)
  expect([gone.code, JSON.parse(gone.stdout).examples[0]]).toEqual([1, `object ${key} of the archive is missing`])
})

test('where nothing was archived the command says so, and an archive without its list of hours is none', async () => {
  const dataDir = temporaryDir()
  const line = `error: no archive under ${dataDir}: nothing was committed there yet, or --data-dir names another place\n`
  const verify = () => daybook('archive', 'verify', '--data-dir', dataDir)
  expect(await verify()).toEqual({ code: 1, stdout: '', stderr: line })
  await archivedIn(dataDir)
  rmSync(join(dataDir, HOURS_KEY))
  const missing = 'error: object archive/hours.json of the archive is missing\n'
  expect(await verify()).toEqual({ code: 1, stdout: '', stderr: missing })
})
