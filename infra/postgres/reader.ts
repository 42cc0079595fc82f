import type { Pool, PoolClient } from 'pg'
import { BE_READER, readerSettings } from './reader-settings.ts'

/** Ends the transaction behind an answer that is on its way already; a connection that cannot end it is not used again. */
const endWith = (client: PoolClient, statement: 'COMMIT' | 'ROLLBACK'): void => {
  client.query(statement).then(
    () => client.release(),
    (failure: Error) => client.release(failure),
  )
}

/**
 * Runs `work` as `daybook_reader` in one read-only transaction, in which row-level security hides every row of other tenants.
 * All its queries see one snapshot, so a page, its total and a checkpoint agree; to wait for a later checkpoint, call again.
 * Both settings end with the transaction: a pooled connection carries neither into the next request.
 *
 * Nothing is awaited before `work`: on a pipelining connection (`readerPool`) its first query travels with the beginning in
 * one round trip, and a transaction that only read need not be seen to end. When the beginning fails, so does the whole.
 */
export const asReader = async <A>(pool: Pool, tenant: string, work: (client: PoolClient) => Promise<A>): Promise<A> => {
  const client = await pool.connect()
  try {
    const [, , result] = await Promise.all([
      client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
      client.query({ name: 'daybook_be_reader', text: BE_READER, values: readerSettings(tenant) }),
      work(client),
    ])
    endWith(client, 'COMMIT')
    return result
  } catch (error) {
    endWith(client, 'ROLLBACK')
    throw error
  }
}
