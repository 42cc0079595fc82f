import { escapeIdentifier } from 'pg'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { answerRings, type CatchUp, ringBehind } from './catch-up.ts'
import { unregister } from './register.ts'
import { qualified, SERVING, tablesOf } from './shadow.ts'

/**
 * Lets one tenant's rebuilt rows serve, in one transaction; every other tenant's stay as they are. Readers see the old rows until it
 * commits, and wait for nothing; projectors wait for as long as it takes, which is what this answers, in milliseconds.
 */
export const switchRows = (work: CatchUp, tenant: string): Promise<number> =>
  inTransaction(work.pool, 'BEGIN', async (client) => {
    const { model, schema } = work
    await client.query(`LOCK TABLE ${qualified(SERVING, checkpointTableOf(model.name))} IN EXCLUSIVE MODE`)
    const lockedAt = performance.now()
    if (work.unscanned) await ringBehind(work)
    await answerRings(work, 0)
    for (const table of tablesOf(model)) {
      const columns = await client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
          WHERE table_schema = $1 AND table_name = $2 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
        [schema, table],
      )
      const names = columns.rows.map(({ name }) => escapeIdentifier(name)).join()
      await client.query(`DELETE FROM ${qualified(SERVING, table)} WHERE tenant = $1`, [tenant])
      await client.query(
        `INSERT INTO ${qualified(SERVING, table)} (${names}) SELECT ${names} FROM ${qualified(schema, table)} WHERE tenant = $1`,
        [tenant],
      )
    }
    const parked = 'parked_streams'
    const concerned = [model.name, tenant]
    await client.query(`DELETE FROM ${qualified(SERVING, parked)} WHERE projection = $1 AND tenant = $2`, concerned)
    await client.query(
      `INSERT INTO ${qualified(SERVING, parked)} SELECT * FROM ${qualified(schema, parked)} WHERE projection = $1 AND tenant = $2`,
      concerned,
    )
    await unregister(client, model.name)
    return performance.now() - lockedAt
  })
