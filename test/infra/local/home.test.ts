import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { fileFlags, flagsFileIn, writeFlags } from '../../../infra/flags/file.ts'
import { ephemeralHome } from '../../../infra/local/home.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { temporaryDir } from './temporary-dir.ts'

test('an instance that keeps nothing goes by the flags that are set in its data directory', async () => {
  const dataDir = temporaryDir()
  const { stateDir } = ephemeralHome(dataDir, false)
  onTestFinished(() => rmSync(stateDir, { recursive: true }))
  const flags = fileFlags(stateDir, silentLogger)
  expect(await flags.current()).toEqual({})
  const on = { 'automatic-invoicing': { enabled: true, since: '2026-03-01T00:00:00.000Z', afterHours: 1 } } as const
  await writeFlags(flagsFileIn(dataDir), on)
  expect(await flags.current()).toEqual(on)
})
