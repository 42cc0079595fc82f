import type { ClientBase, Pool } from 'pg'
import { inTransaction } from '../postgres/transaction.ts'
import { hasTodaysColumns, qualified, SERVING } from '../rebuild/shadow.ts'
import { LOCK_TIMEOUT_MS } from '../rebuild/when-free.ts'
import type { Generation, Held, ProductIndexes } from './port.ts'
import { readProducts, SERVING_TABLE } from './postgres-documents.ts'
import { writeProducts } from './postgres-write.ts'

const SCHEMA: { readonly [G in Generation]: string } = {
  next: 'product_search_next',
  serving: SERVING,
  previous: 'product_search_previous',
}

const tableOf = (generation: Generation): string => qualified(SCHEMA[generation], SERVING_TABLE)

/** Products a page. */
const PAGE = 2_000

const held = async function* (pool: Pool, table: string): AsyncGenerator<ReadonlyArray<Held>> {
  for (let after: Held | undefined; ; ) {
    const { rows } = await pool.query<Held>(
      `SELECT tenant, sku, version, name IS NULL AS deleted FROM ${table}
        WHERE $1::text IS NULL OR (tenant, sku) > ($1, $2) ORDER BY tenant, sku LIMIT ${PAGE}`,
      [after?.tenant, after?.sku],
    )
    yield rows
    after = rows.at(-1)
    if (after === undefined || rows.length < PAGE) return
  }
}

const makeSchema = async (client: ClientBase, schema: string): Promise<void> => {
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  await client.query(`CREATE SCHEMA ${schema}`)
}

const move = (client: ClientBase, from: Generation, to: Generation) =>
  client.query(`ALTER TABLE ${tableOf(from)} SET SCHEMA ${SCHEMA[to]}`)

/** Generations of the search table, each in a schema of its own. @param pool of the tables' owner. */
export const postgresIndexes = (pool: Pool): ProductIndexes => ({
  documents: (generation) => ({
    write: (products) => writeProducts(pool, tableOf(generation), products),
    read: (keys) => readProducts(pool, tableOf(generation), keys),
  }),
  held: (generation) => held(pool, tableOf(generation)),
  has: async (generation) => {
    const { rows } = await pool.query<{ has: boolean }>('SELECT to_regclass($1) IS NOT NULL AS has', [
      tableOf(generation),
    ])
    return rows[0]?.has === true
  },
  fits: (generation) => hasTodaysColumns(pool, SCHEMA[generation], [SERVING_TABLE]),
  createNext: () =>
    inTransaction(pool, 'BEGIN', async (client) => {
      await makeSchema(client, SCHEMA.next)
      await client.query(`CREATE TABLE ${tableOf('next')} (LIKE ${tableOf('serving')} INCLUDING ALL)`)
      await client.query('SELECT daybook_protect_view($1::regclass)', [tableOf('next')])
    }),
  finishNext: async () => {
    await pool.query(`ANALYZE ${tableOf('next')}`)
  },
  dropNext: async () => {
    await pool.query(`DROP SCHEMA IF EXISTS ${SCHEMA.next} CASCADE`)
  },
  takeUpPrevious: () =>
    inTransaction(pool, 'BEGIN', async (client) => {
      await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA.next} CASCADE`)
      await client.query(`ALTER SCHEMA ${SCHEMA.previous} RENAME TO ${SCHEMA.next}`)
    }),
  serveNext: () =>
    inTransaction(pool, 'BEGIN', async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
      await makeSchema(client, SCHEMA.previous)
      await move(client, 'serving', 'previous')
      await move(client, 'next', 'serving')
      await client.query(`DROP SCHEMA ${SCHEMA.next}`)
    }),
})
