import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../../infra/postgres/transaction.ts'
import {
  createShadow,
  finishShadow,
  finishWhole,
  hasSums,
  sumUpParts,
  tablesOf,
} from '../../../infra/rebuild/shadow.ts'
import { readModel } from '../../../projections/read-model.ts'
import { invoicing } from '../../../projections/views/invoicing.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'

const model = readModel(invoicing)

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

const indexesIn = async (schema: string): Promise<ReadonlyArray<string>> => {
  const { rows } = await database.owner.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, replace(indexdef, $1 || '.', '') AS definition
       FROM pg_indexes WHERE schemaname = $1 AND tablename = ANY ($2) ORDER BY indexname`,
    [schema, tablesOf(model)],
  )
  return rows.map(({ name, definition }) => `${name}: ${definition}`)
}

test('a generation has the indexes that serve, also where a run before it had made some of them', async () => {
  const finishing = (finish: typeof finishShadow) =>
    inTransaction(database.owner, 'BEGIN', (client) => finish(client, 'next', model))
  await finishing(createShadow)
  expect(await indexesIn('next')).toEqual([])
  await finishing(finishWhole)
  const some = await indexesIn('next')
  expect(some.join()).toContain('invoicing_invoices_pkey')
  expect(some.join()).not.toContain('invoicing_orders')
  await finishing(finishShadow)
  expect(await indexesIn('next')).toEqual(await indexesIn('public'))
})

test('sums are added up by halves as they are in one, and a half that is there is known', async () => {
  const rows = async (schema: string) =>
    (await database.owner.query(`SELECT * FROM ${schema}.invoicing_orders ORDER BY tenant, order_id`)).rows
  const within = <A>(work: (client: PoolClient) => Promise<A>) => inTransaction(database.owner, 'BEGIN', work)
  for (const schema of ['whole', 'halves']) {
    await within((client) => createShadow(client, schema, model))
    await database.owner.query(
      `INSERT INTO ${schema}.parts_of_invoicing_orders
       SELECT 'acme', (n % 70)::text, 1, n % 2, n % 3, 0, n, 2 * n FROM generate_series(1, 200) n`,
    )
  }
  await within((client) => sumUpParts(client, 'whole', model))
  expect(await within((client) => hasSums(client, 'halves', model))).toBe(false)
  await within((client) => sumUpParts(client, 'halves', model, 1))
  expect(await within((client) => hasSums(client, 'halves', model))).toBe(true)
  expect((await rows('halves')).length).toBeGreaterThan(10)
  await within((client) => sumUpParts(client, 'halves', model, 0))
  expect(await rows('halves')).toEqual(await rows('whole'))
  expect(await rows('whole')).toHaveLength(70)
})
