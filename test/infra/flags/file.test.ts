import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { fileFlags, flagsFileIn, writeFlags } from '../../../infra/flags/file.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { flagsContract } from '../../contracts/flags.ts'
import { temporaryDir } from '../local/temporary-dir.ts'

flagsContract('a file', async (log) => {
  const dataDir = temporaryDir()
  const file = flagsFileIn(dataDir)
  const aside = `${file}.aside`
  return {
    flags: fileFlags(dataDir, log),
    publish: (text) => writeFile(file, text),
    // What cannot be read as a file: whoever is root may read any that he may not.
    takeAway: async () => {
      await rename(file, aside).catch(() => undefined)
      await mkdir(file)
    },
    back: async () => {
      await rmdir(file)
      await rename(aside, file).catch(() => undefined)
    },
    pass: async () => undefined,
  }
})

test('without a file everything is off, also when there was one', async () => {
  const dataDir = temporaryDir()
  const flags = fileFlags(dataDir, silentLogger)
  expect(await flags.current()).toEqual({})
  await writeFile(
    flagsFileIn(dataDir),
    '{"automatic-invoicing":{"enabled":true,"since":"2026-03-01T00:00:00Z","afterHours":0}}',
  )
  expect(await flags.current()).toEqual({
    'automatic-invoicing': { enabled: true, since: '2026-03-01T00:00:00.000Z', afterHours: 0 },
  })
  await rm(flagsFileIn(dataDir))
  expect(await flags.current()).toEqual({})
})

test('whoever reads while flags are written has them as they were or as they are', async () => {
  const dataDir = temporaryDir()
  const faults: string[] = []
  const log = { ...silentLogger, error: (message: string) => void faults.push(message) }
  const flags = fileFlags(dataDir, log)
  const since = '2026-03-01T00:00:00.000Z'
  const seen = new Set<string>()
  let written = false
  const writing = async (): Promise<void> => {
    for (let afterHours = 0; afterHours < 50; afterHours += 1)
      await writeFlags(flagsFileIn(dataDir), { 'automatic-invoicing': { enabled: true, since, afterHours } })
    written = true
  }
  const reading = async (): Promise<void> => {
    while (!written) seen.add(JSON.stringify(await flags.current()))
  }
  await Promise.all([writing(), reading()])
  expect(seen.size).toBeGreaterThan(1)
  expect(faults).toEqual([])
})
