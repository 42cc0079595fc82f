import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readerPool } from '../../../infra/postgres/pool.ts'
import { asReader } from '../../../infra/postgres/reader.ts'
import { checkpointOf } from '../../../infra/views/positions.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { add } from '../../../projections/change.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { type ViewsDatabase, viewsDatabase } from './views-database.ts'

let database: ViewsDatabase
let reader: Pool
const documentOf = (tenant: string) => ({ tenant, type: 'order', id: 'O 1' })

const sell = async (tenant: string, from: number): Promise<void> => {
  const key = { tenant, dimension: 'day', currency: 'GBP', day: '2011-06-30', key: '' }
  for (const projection of postgresProjections.filter(({ name }) => name === 'sales')) {
    await postgresViewStore(database.projector).commit({
      projection,
      advances: [{ stream: documentOf(tenant), from, to: from + 1 }],
      changes: [add('sales', key, { invoices: 1, gross: '0.10' })],
    })
  }
}

beforeAll(async () => {
  database = await viewsDatabase()
  reader = readerPool(database.url, { max: 1 })
  for (const tenant of ['acme', 'beta']) await sell(tenant, 0)
})
afterAll(async () => {
  await reader.end()
  await database.close()
})

const FORGETFUL = 'SELECT tenant, day, invoices, gross FROM sales'

describe('reading as a tenant', () => {
  test('hides the rows of other tenants even from a query that forgets its condition', async () => {
    const { rows } = await asReader(reader, 'acme', (client) => client.query(FORGETFUL))
    expect(rows).toEqual([{ tenant: 'acme', day: '2011-06-30', invoices: 1, gross: '0.10' }])
  })

  test('hides them also on a pool of the tables owner, whom row-level security does not bind', async () => {
    const { rows } = await asReader(database.owner, 'beta', (client) => client.query(FORGETFUL))
    expect(rows).toMatchObject([{ tenant: 'beta' }])
    expect((await database.owner.query(FORGETFUL)).rows).toHaveLength(2)
  })

  test('shows nothing of a tenant without rows, and nothing at all where no tenant was named', async () => {
    expect((await asReader(reader, 'nobody', (client) => client.query(FORGETFUL))).rows).toEqual([])
    expect((await reader.query(FORGETFUL)).rows).toEqual([])
  })

  test('does not leak a tenant into the next use of the connection, not even after a failure', async () => {
    await asReader(reader, 'acme', (client) => client.query(FORGETFUL))
    expect((await reader.query(FORGETFUL)).rows).toEqual([])
    await expect(asReader(reader, 'acme', (client) => client.query('SELECT 1/0'))).rejects.toThrow('division by zero')
    expect((await reader.query(FORGETFUL)).rows).toEqual([])
  })

  test('writes nothing', async () => {
    const deleting = asReader(database.owner, 'acme', (client) => client.query('DELETE FROM sales'))
    await expect(deleting).rejects.toThrow(/read-only transaction|permission denied/)
    await expect(reader.query('DELETE FROM sales')).rejects.toThrow('permission denied')
  })

  test('sees one snapshot: rows and checkpoint stay together whatever is written meanwhile', async () => {
    const stream = { streamType: 'order', streamId: 'O 1' }
    await asReader(reader, 'acme', async (client) => {
      expect(await checkpointOf(client, 'sales', stream)).toBe(1)
      await sell('acme', 1)
      expect(await checkpointOf(client, 'sales', stream)).toBe(1)
      expect((await client.query(FORGETFUL)).rows).toMatchObject([{ invoices: 1 }])
    })
    expect(await asReader(reader, 'acme', (client) => checkpointOf(client, 'sales', stream))).toBe(2)
  })

  test('knows checkpoints of its own tenant only, and 0 where there is none', async () => {
    await sell('acme', 2)
    const at = (tenant: string, projection: string, streamType: string, streamId: string) =>
      asReader(reader, tenant, (client) => checkpointOf(client, projection, { streamType, streamId }))
    expect(await at('beta', 'sales', 'order', 'O 1')).toBe(1)
    expect(await at('nobody', 'sales', 'order', 'O 1')).toBe(0)
    expect(await at('beta', 'orders', 'order', 'O 1')).toBe(0)
    expect(await at('beta', 'sales', 'order', 'o 1')).toBe(0)
  })
})

describe('writing as the projector', () => {
  test('is bound by row-level security, and cannot change the schema', async () => {
    const { rows } = await database.projector.query(
      'SELECT current_user AS name, rolsuper OR rolbypassrls AS above FROM pg_roles WHERE rolname = current_user',
    )
    expect(rows).toEqual([{ name: 'daybook_projector', above: false }])
    await expect(database.projector.query('DROP TABLE sales')).rejects.toThrow('must be owner')
    await expect(database.projector.query('SELECT * FROM migrations')).rejects.toThrow('permission denied')
  })
})
