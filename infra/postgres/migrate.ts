import { join } from 'node:path'
import { runner } from 'node-pg-migrate'

const MIGRATIONS = join(import.meta.dirname, 'migrations')

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * Brings the database at `url` (whose user owns the tables) to the newest schema; answers the names of the migrations it ran.
 * All in one transaction, under an advisory lock: of several callers at once one works and the others wait and find nothing to do.
 * @param directory where the SQL files lie, when they do not lie beside this module (a bundle).
 */
export const migrate = async (url: string, directory: string = MIGRATIONS): Promise<ReadonlyArray<string>> => {
  const ran = await runner({
    databaseUrl: url,
    dir: directory,
    migrationsTable: 'migrations',
    direction: 'up',
    singleTransaction: true,
    advisoryLockMode: 'wait',
    // Failures are thrown; telling them twice helps nobody.
    logger: quiet,
  })
  return ran.map(({ name }) => name)
}
