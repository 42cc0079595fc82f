import { describe, expect, test } from 'vitest'
import type { Difference } from '../../../infra/rebuild/differences.ts'
import { verifyFull } from '../../../infra/rebuild/verify-full.ts'
import { verifySample } from '../../../infra/rebuild/verify-sample.ts'
import type { ReadModel } from '../../../projections/read-model.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { memoryScan } from './memory-scan.ts'
import { aHistory, depsOn, emptied, liveProjector, modelNamed, sharedByTests, watch } from './rebuilding.ts'

const history = await aHistory(120, 100, 3)
let database: ViewsDatabase
const filled = async (made: ViewsDatabase): Promise<void> => {
  await emptied(made)
  await liveProjector(made, history.events)(history.commits)
}
sharedByTests(viewsDatabase, filled, (made) => {
  database = made
})

type Verify = (model: ReadModel) => Promise<ReadonlyArray<Difference>>

const ways: ReadonlyArray<readonly [string, Verify]> = [
  ['in full', async (model) => (await verifyFull(depsOn(database, history), model, 3, 100, watch())).differences],
  ['by a sample', async (model) => (await verifySample(depsOn(database, history), model, 1_000, watch())).differences],
]

const tamper = async (sql: string): Promise<void> => {
  const { rowCount } = await database.owner.query(sql)
  expect(rowCount).toBe(1)
}

const ONE = 'WHERE ctid = (SELECT ctid FROM'

describe.each(ways)('views verified %s', (_, verify) => {
  test('are found to be what the events say', async () => {
    for (const model of postgresProjections) expect(await verify(model)).toEqual([])
  })

  test('are told apart where somebody changed, removed or added a row, by its key', async () => {
    await tamper(`UPDATE orders SET total = total + 0.001 ${ONE} orders LIMIT 1) RETURNING order_id`)
    expect(await verify(modelNamed('orders'))).toMatchObject([{ table: 'orders', key: { tenant: expect.any(String) } }])
    await tamper(`DELETE FROM products ${ONE} products LIMIT 1)`)
    expect(await verify(modelNamed('products'))).toMatchObject([{ table: 'products', found: null }])
    await tamper(`UPDATE sales SET units = units - 1 ${ONE} sales WHERE credit_notes > 0 LIMIT 1)`)
    const [difference, ...more] = await verify(modelNamed('sales'))
    expect(more).toEqual([])
    const units = (row: Difference['found'] | undefined) => Number(row?.['units'])
    expect(units(difference?.expected) - units(difference?.found)).toBe(1)
    await tamper(`INSERT INTO stock_levels (tenant, sku, version, on_hand) VALUES ('acme', 'ghost', 1, 5)`)
    expect(await verify(modelNamed('stock'))).toMatchObject([
      { table: 'stock_levels', key: { sku: 'ghost' }, expected: null },
    ])
  })
})

test('a full verification finds a row that no stream owns', async () => {
  await tamper(
    `INSERT INTO order_lines (tenant, order_id, line_no, sku, quantity, unit_price) VALUES ('acme', 'ghost', 1, 'x', 1, 1)`,
  )
  const { differences } = await verifyFull(depsOn(database, history), modelNamed('orders'), 3, 100, watch())
  expect(differences).toMatchObject([{ table: 'order_lines', key: { order_id: 'ghost' }, expected: null }])
})

test('views that change while they are verified are not taken for wrong', async () => {
  const { commits, events } = await aHistory(200, 150, 5)
  await emptied(database)
  const deliver = liveProjector(database, events)
  let stored = commits.length >> 1
  await deliver(commits.slice(0, stored))
  const goOn = async (): Promise<void> => {
    if (stored === commits.length) return
    stored += 1
    await deliver(commits.slice(stored - 1, stored))
  }
  const scan = memoryScan(() => commits.slice(0, stored), 2, goOn)
  const deps = depsOn(database, { commits, events }, { scan })
  for (const model of postgresProjections) {
    expect(await verifyFull(deps, model, 2, 100, watch())).toEqual({ differences: [], late: 0 })
    stored = commits.length >> 1
    await emptied(database)
    await deliver(commits.slice(0, stored))
    expect((await verifySample(deps, model, 50, watch())).differences).toEqual([])
  }
})
