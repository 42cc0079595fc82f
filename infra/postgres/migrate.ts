import { join } from 'node:path'
import { runner } from 'node-pg-migrate'
import { Client } from 'pg'
import { connectionOf, type PasswordOf } from './connection.ts'

/** Where the SQL files lie: beside this module, and beside a bundle that it is part of. */
export const MIGRATIONS = join(import.meta.dirname, 'migrations')

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * Brings the database at `url` (whose user owns the tables) to the newest schema; answers the names of the migrations it ran.
 * All in one transaction, under an advisory lock: of several callers at once one works and the others wait and find nothing to do.
 * @param directory where the SQL files lie, when they do not lie beside this module (a bundle).
 * @param passwordOf gives the password of a URL that has none.
 */
export const migrate = async (
  url: string,
  directory: string = MIGRATIONS,
  passwordOf?: PasswordOf,
): Promise<ReadonlyArray<string>> => {
  // The runner does not wait until its own connection is closed, so it gets one of ours.
  const client = new Client(connectionOf(url, passwordOf))
  // A connection that breaks fails the statement on it; without a listener it would end the process, too.
  client.on('error', () => {})
  await client.connect()
  try {
    const ran = await runner({
      dbClient: client,
      dir: directory,
      migrationsTable: 'migrations',
      direction: 'up',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      // Failures are thrown; telling them twice helps nobody.
      logger: quiet,
    })
    return ran.map(({ name }) => name)
  } finally {
    await client.end()
  }
}
