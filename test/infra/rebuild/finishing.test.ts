import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../../../infra/postgres/transaction.ts'
import { createShadow, finishShadow, finishWhole, tablesOf } from '../../../infra/rebuild/shadow.ts'
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
