import type { Pool, PoolClient } from 'pg'

/**
 * Runs `work` between `begin` (a statement that starts a transaction) and COMMIT; rolls back and rethrows when it throws.
 * A connection whose rollback fails is closed, never reused.
 */
export const inTransaction = async <A>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<A>,
): Promise<A> => {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(begin)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}
