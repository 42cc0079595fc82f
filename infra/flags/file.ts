import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FlagValues } from '../../schemas/flags.ts'
import type { Logger } from '../log/logger.ts'
import { type FlagSource, lastGood } from './last-good.ts'
import type { Flags } from './port.ts'

/** Where a laptop's flags lie, in the JSON of AppConfig. */
export const flagsFileIn = (dataDir: string): string => join(dataDir, 'flags.json')

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The file is small, and read whenever somebody asks: what it says holds at once. Without it, everything is off. */
export const fileSource =
  (file: string): FlagSource =>
  async () => {
    try {
      return await readFile(file, 'utf8')
    } catch (error) {
      if (isMissing(error)) return '{}'
      throw error
    }
  }

/** The flags of an instance on this machine. */
export const fileFlags = (dataDir: string, log: Logger): Flags => {
  const file = flagsFileIn(dataDir)
  return lastGood(file, fileSource(file), log)
}

/** Puts these flags in the place of what the file says: seen whole or not at all. */
export const writeFlags = async (file: string, values: FlagValues): Promise<void> => {
  const draft = `${file}.${process.pid}.new`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(draft, `${JSON.stringify(values, null, 2)}\n`)
  await rename(draft, file)
}
