import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readOnce } from '../../../infra/postgres/one-read.ts'
import { readerPool } from '../../../infra/postgres/pool.ts'
import { asReader } from '../../../infra/postgres/reader.ts'
import type { Statement } from '../../../infra/postgres/statement.ts'
import { type ViewsDatabase, viewsDatabase } from './views-database.ts'

let database: ViewsDatabase
let reader: Pool

beforeAll(async () => {
  database = await viewsDatabase()
  reader = readerPool(database.url, { max: 1 })
  await database.owner.query(`
    INSERT INTO orders (tenant, order_id, version, status, currency, placed_at, total, line_count)
    SELECT tenant, 'O ' || nth, nth, 'placed', 'GBP', '2011-06-30T20:08:00.5Z', nth * 1.10, nth
      FROM unnest(ARRAY['acme', 'beta']) AS tenant, generate_series(1, 3) AS nth`)
})
afterAll(async () => {
  await reader.end()
  await database.close()
})

/** Forgets its condition: row-level security is what keeps tenants apart here. */
const forgetful: Statement = {
  name: 'forgetful',
  text: 'SELECT tenant, order_id, total, placed_at FROM orders WHERE version >= $1 ORDER BY order_id',
  values: [3],
}
const theOrderOf = (tenant: string) => [
  { tenant, order_id: 'O 3', total: '3.30', placed_at: '2011-06-30T20:08:00.500Z' },
]
const failing: Statement = { name: 'failing', text: 'SELECT 1 / $1::int AS never', values: [0] }
const setting: Statement = {
  name: 'setting',
  text: `SELECT current_setting('daybook.tenant', true) AS tenant, current_user AS role`,
  values: [],
}

describe('one statement read as a tenant', () => {
  test('sees the rows of that tenant alone, whoever used the connection before', async () => {
    for (const tenant of ['acme', 'beta', 'acme']) {
      expect((await readOnce(reader, tenant, forgetful)).rows).toEqual(theOrderOf(tenant))
    }
    expect((await readOnce(reader, 'nobody', forgetful)).rows).toEqual([])
  })

  test('is bound by row-level security also on a pool of the tables owner', async () => {
    expect((await readOnce(database.owner, 'beta', forgetful)).rows).toEqual(theOrderOf('beta'))
    expect((await readOnce(database.owner, 'beta', setting)).rows).toEqual([{ tenant: 'beta', role: 'daybook_reader' }])
  })

  test('leaves neither tenant nor role behind on the connection', async () => {
    const owner = await database.owner.query<{ role: string }>('SELECT current_user AS role')
    await readOnce(database.owner, 'acme', forgetful)
    expect((await database.owner.query(setting.text)).rows).toEqual([{ tenant: '', role: owner.rows[0]?.role }])
    await readOnce(reader, 'acme', forgetful)
    expect((await reader.query('SELECT * FROM orders')).rows).toEqual([])
  })

  test('fails with what Postgres says, and the pool goes on', async () => {
    await expect(readOnce(reader, 'acme', failing)).rejects.toThrow('division by zero')
    expect((await readOnce(reader, 'acme', forgetful)).rows).toEqual(theOrderOf('acme'))
    await expect(readOnce(reader, 'acme', { name: 'wrong', text: 'SELECT nonsense', values: [] })).rejects.toThrow(
      'column "nonsense" does not exist',
    )
    expect((await reader.query('SELECT * FROM orders')).rows).toEqual([])
    expect((await readOnce(reader, 'beta', forgetful)).rows).toEqual(theOrderOf('beta'))
  })

  test('takes its turn among others on one connection: every answer goes to whom it belongs', async () => {
    const tenants = ['acme', 'beta', 'nobody', 'beta', 'acme', 'acme']
    const answers = await Promise.all(
      tenants.map((tenant, nth) =>
        nth % 2 === 0
          ? readOnce(reader, tenant, forgetful)
          : asReader(reader, tenant, (client) => client.query(forgetful.text, forgetful.values)),
      ),
    )
    expect(answers.map(({ rows }) => rows)).toEqual(
      tenants.map((tenant) => (tenant === 'nobody' ? [] : theOrderOf(tenant))),
    )
  })

  test('writes nothing', async () => {
    const deleting: Statement = { name: 'deleting', text: 'DELETE FROM orders', values: [] }
    await expect(readOnce(database.owner, 'acme', deleting)).rejects.toThrow('permission denied')
  })
})
