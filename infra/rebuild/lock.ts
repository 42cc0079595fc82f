import type { Pool } from 'pg'
import { RebuildRefused } from './refusal.ts'

/**
 * Runs work on a projection's next generation that nobody else may run at the same time, on any machine. The lock is that of a
 * connection, so it ends with the process that holds it, however that ends. Rejects with `RebuildRefused` when it is taken.
 */
export const underLock = async <A>(pool: Pool, projection: string, work: () => Promise<A>): Promise<A> => {
  const client = await pool.connect()
  const key = `daybook.rebuild.${projection}`
  let broken: Error | undefined
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [key],
    )
    if (rows[0]?.locked !== true) {
      throw new RebuildRefused(`another replay of ${projection} is running: wait until it has ended`)
    }
    try {
      return await work()
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]).catch((error: Error) => {
        broken = error
      })
    }
  } finally {
    client.release(broken)
  }
}
