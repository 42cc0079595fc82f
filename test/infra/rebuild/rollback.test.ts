import type { Pool } from 'pg'
import { describe, expect, test } from 'vitest'
import { noRebuilds } from '../../../infra/rebuild/port.ts'
import { RebuildRefused } from '../../../infra/rebuild/refusal.ts'
import { abandon, rollback } from '../../../infra/rebuild/rollback.ts'
import { registerProjections, servingVersions } from '../../../infra/rebuild/serving.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { expectTablesOf, expectViewsOf } from '../../projections/projector-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { aHistory, depsOn, emptied, liveProjector, modelNamed, rebuilt, sharedByTests, watch } from './rebuilding.ts'

let database: ViewsDatabase
sharedByTests(viewsDatabase, emptied, (made) => {
  database = made
})

const rows = (table: string) => database.rows(table)
const orders = modelNamed('orders')

const history = () => aHistory(80, 60, 11)

/** A pool that gives no connection before something has happened. */
const slowToConnect = (pool: Pool, until: () => Promise<void>): Pool =>
  new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return () => until().then(() => target.connect())
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

describe('a rollback', () => {
  test('lets the earlier generation serve, caught up with everything since; and back again', async () => {
    const { commits, events } = await history()
    const half = commits.length >> 1
    const deliver = liveProjector(database, events)
    await deliver(commits.slice(0, half))
    for (const model of postgresProjections) {
      await rebuilt(depsOn(database, { commits: commits.slice(0, half), events }), model)
    }
    await deliver(commits.slice(half))
    const deps = depsOn(database, { commits, events })
    for (const model of postgresProjections) await rollback(deps, model, watch())
    await expectViewsOf(commits, rows)
    for (const model of postgresProjections) await rollback(deps, model, watch())
    await expectViewsOf(commits, rows)
  })

  test('is refused where nothing served before, or something else than this build projects', async () => {
    const book = await history()
    const deps = depsOn(database, book)
    await database.owner.query('DROP SCHEMA IF EXISTS previous_orders CASCADE')
    await expect(rollback(deps, orders, watch())).rejects.toThrow('there is no earlier generation of orders')
    await rebuilt(deps, { ...orders, version: 1 })
    await rebuilt(deps, { ...orders, version: 2 })
    await expect(rollback(deps, { ...orders, version: 2 }, watch())).rejects.toThrow(
      /built by version 1 of the projection, and this is version 2: start the release that has version 1/,
    )
    expect((await rollback(deps, { ...orders, version: 1 }, watch())).version).toBe(1)
    expect((await servingVersions(database.owner)).get('orders')).toBe(1)
  })

  test('finds the earlier generation also after a switch that failed at its end', async () => {
    const { commits, events } = await history()
    await liveProjector(database, events)(commits)
    const deps = depsOn(database, { commits, events })
    await rebuilt(deps, { ...orders, version: 1 })
    await rebuilt(deps, { ...orders, version: 2 })
    await database.owner.query('ALTER TABLE serving_projections ADD CONSTRAINT never_3 CHECK (version <> 3)')
    await expect(rebuilt(deps, { ...orders, version: 3 })).rejects.toThrow('never_3')
    await database.owner.query('ALTER TABLE serving_projections DROP CONSTRAINT never_3')
    expect((await servingVersions(database.owner)).get('orders')).toBe(2)
    await abandon(deps, orders)
    expect((await rollback(deps, { ...orders, version: 1 }, watch())).version).toBe(1)
    await expectTablesOf(orders, commits, rows)
    const { rows: left } = await database.owner.query(
      `SELECT nspname FROM pg_namespace WHERE nspname LIKE '%_orders' ORDER BY 1`,
    )
    expect(left).toEqual([{ nspname: 'previous_orders' }])
  })

  test('takes over what a projector wrote that had not heard of the rollback', async () => {
    const { commits, events } = await history()
    const half = commits.length >> 1
    const deaf = liveProjector(database, events, postgresProjections, noRebuilds)
    await deaf(commits.slice(0, half))
    await rebuilt(depsOn(database, { commits: commits.slice(0, half), events }), orders)
    const deps = depsOn(database, { commits, events })
    let writing: Promise<void> = Promise.resolve()
    // It writes when the earlier generation has caught up with everything that anybody rang for.
    const late = watch((step) => {
      if (step._tag === 'Switching') writing = deaf(commits.slice(half))
    })
    const held = { ...deps, pool: slowToConnect(database.owner, () => writing) }
    await rollback(held, orders, late)
    await writing
    await expectTablesOf(orders, commits, rows)
  })

  test('waits until a rebuild that was begun is finished or abandoned', async () => {
    const deps = depsOn(database, await history())
    await rebuilt(deps, orders)
    const stopping = watch((step, stop) => step._tag === 'Read' && stop())
    await expect(rebuilt(deps, orders, {}, stopping)).rejects.toThrow('stopped')
    await expect(rollback(deps, orders, watch())).rejects.toThrow(RebuildRefused)
    expect(await abandon(deps, orders)).toBe(true)
    expect(await abandon(deps, orders)).toBe(false)
    await rollback(deps, orders, watch())
  })
})

test('a projection that is new counts as built where nothing is, and as never built among views that hold something', async () => {
  const { commits, events } = await history()
  await registerProjections(database.owner, postgresProjections)
  expect((await servingVersions(database.owner)).get('products')).toBe(modelNamed('products').version)
  await liveProjector(database, events)(commits)
  await database.owner.query(`DELETE FROM serving_projections WHERE projection IN ('products', 'orders')`)
  await database.owner.query('TRUNCATE products_checkpoints')
  await registerProjections(database.owner, postgresProjections)
  const serving = await servingVersions(database.owner)
  expect(serving.get('products')).toBe(0)
  expect(serving.get('orders')).toBe(orders.version)
})
