import { DatabaseSync } from 'node:sqlite'

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
