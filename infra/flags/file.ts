import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../log/logger.ts'
import { type FlagSource, lastGood } from './last-good.ts'
import type { Flags } from './port.ts'

/** Where a laptop's flags lie, in the JSON of AppConfig. */
export const flagsFileIn = (dataDir: string): string => join(dataDir, 'flags.json')

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The file is small, and read whenever somebody asks: what it says holds at once. Without it, everything is off. */
const fileSource =
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
