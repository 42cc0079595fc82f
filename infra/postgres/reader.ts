import type { Pool, PoolClient } from 'pg'
import { READER_ROLE, TENANT_SETTING } from './roles.ts'
import { inTransaction } from './transaction.ts'

/**
 * Runs `work` as `daybook_reader` in one read-only transaction, in which row-level security hides every row of other tenants.
 * All its queries see one snapshot, so a page, its total and a checkpoint agree; to wait for a later checkpoint, call again.
 * Both settings end with the transaction: a pooled connection carries neither into the next request.
 */
export const asReader = <A>(pool: Pool, tenant: string, work: (client: PoolClient) => Promise<A>): Promise<A> =>
  inTransaction(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
    await client.query("SELECT set_config('role', $1, true), set_config($2, $3, true)", [
      READER_ROLE,
      TENANT_SETTING,
      tenant,
    ])
    return work(client)
  })
