import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { keepStatusFile } from '../../../infra/feeds/status-file.ts'
import { eventually } from './mapping-under-test.ts'

test('the status file follows the status, and its time beats on while nothing changes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'daybook-status-'))
  const file = join(directory, 'status.json')
  const written = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8').catch(() => 'null'))
  let handled = 1
  let now = 10_000
  const stopping = new AbortController()
  const keeping = keepStatusFile(
    file,
    () => ({ handled }),
    () => now,
    stopping.signal,
  )
  await eventually(async () => JSON.stringify(await written()) === '{"at":10000,"handled":1}')
  handled = 2
  await eventually(async () => JSON.stringify(await written()) === '{"at":10000,"handled":2}')
  now = 15_000
  await eventually(async () => JSON.stringify(await written()) === '{"at":15000,"handled":2}')
  stopping.abort()
  await keeping
  await rm(directory, { recursive: true })
})
