import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as E from 'fp-ts/lib/Either.js'

export type Lock = { readonly release: () => void }

const isBusy = (error: unknown): boolean => error instanceof Error && /database is locked/.test(error.message)

/**
 * Holds `file` exclusively, waiting up to `waitMs` for it; null when another process keeps it. The lock is the operating
 * system's, taken through SQLite: it ends with its process however that dies, so that nothing stale is ever left behind.
 */
export const holdFile = (file: string, waitMs: number): Lock | null => {
  const database = new DatabaseSync(file, { timeout: waitMs })
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
}

const pidIn = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

/** Takes a data directory, made when missing, for this process alone; `Left`: what to tell the user. */
export const lockDataDir = (dir: string): E.Either<string, Lock> => {
  mkdirSync(dir, { recursive: true })
  const lock = holdFile(join(dir, 'lock'), 0)
  const pidFile = join(dir, 'pid')
  if (lock === null) return E.left(`data directory in use by another instance (pid ${pidIn(pidFile)}): ${dir}`)
  writeFileSync(pidFile, `${process.pid}\n`)
  return E.right({
    release: () => {
      rmSync(pidFile, { force: true })
      lock.release()
    },
  })
}
