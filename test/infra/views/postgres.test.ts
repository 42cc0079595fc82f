import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RejectedChanges } from '../../../infra/views/port.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { add, put } from '../../../projections/change.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { viewStoreContract } from '../../contracts/view-store.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

viewStoreContract('in Postgres', async () => ({
  store: postgresViewStore(database.projector),
  rows: ({ name }, tenant) => database.rows(name, tenant),
}))

const modelOf = (name: string) => postgresProjections.filter((model) => model.name === name)

describe('the view store in Postgres', () => {
  const streamOf = (type: string, id: string) => ({ tenant: 'constraints', type, id })

  test('changes that break a constraint are rejected, not retried', async () => {
    const store = postgresViewStore(database.projector)
    for (const projection of modelOf('products')) {
      const nameless = put('products', { tenant: 'constraints', sku: 'a' }, { version: 1, status: 'active' })
      const advances = [{ stream: streamOf('product', 'a'), from: 0, to: 1 }]
      await expect(store.commit({ projection, advances, changes: [nameless] })).rejects.toThrow(RejectedChanges)
      expect(await store.progress('products', [streamOf('product', 'a')])).toMatchObject([{ checkpoint: 0 }])
    }
    expect.assertions(2)
  })

  test('a missing table is a fault of the database, not of the changes', async () => {
    const store = postgresViewStore(database.projector)
    const table = { name: 'absent', rows: 'owned', key: { tenant: 'text' }, columns: { version: 'bigint' } } as const
    const changes = [put('absent', { tenant: 'constraints' }, { version: 1 })]
    const failing = store.commit({ projection: { name: 'x', tables: [table] }, advances: [], changes })
    await expect(failing).rejects.toThrow('relation "absent" does not exist')
    await expect(failing).rejects.not.toThrow(RejectedChanges)
  })

  test('commits that add to the same rows in opposite orders all get through', async () => {
    const store = postgresViewStore(database.projector)
    const keys = Array.from({ length: 200 }, (_, index) => `SKU ${index}`)
    const change = (key: string) =>
      add('sales', { tenant: 'crowd', dimension: 'product', currency: 'GBP', day: '2011-01-01', key }, { invoices: 1 })
    for (const projection of modelOf('sales')) {
      const commits = Array.from({ length: 16 }, (_, index) =>
        store.commit({
          projection,
          advances: [{ stream: { tenant: 'crowd', type: 'order', id: `${index}` }, from: 0, to: 1 }],
          changes: (index % 2 === 0 ? keys : keys.toReversed()).map(change),
        }),
      )
      expect(new Set(await Promise.all(commits))).toEqual(new Set(['committed']))
    }
    const rows = await database.rows('sales', 'crowd')
    expect(rows).toHaveLength(200)
    expect(new Set(rows.map((row) => row['invoices']))).toEqual(new Set([16]))
  })
})
