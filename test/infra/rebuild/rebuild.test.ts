import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { backfill } from '../../../infra/rebuild/backfill.ts'
import { readSegments } from '../../../infra/rebuild/books.ts'
import { nothingDrawn } from '../../../infra/rebuild/draw.ts'
import { RebuildRefused } from '../../../infra/rebuild/refusal.ts'
import { servingVersions } from '../../../infra/rebuild/serving.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { commandHistories, historyOf } from '../../projections/event-histories.ts'
import { expectTablesOf, expectViewsOf } from '../../projections/projector-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { memoryScan } from './memory-scan.ts'
import { aHistory, depsOn, emptied, liveProjector, modelNamed, rebuilt, sharedByTests, watch } from './rebuilding.ts'

// Every run of a property rebuilds every view.
vi.setConfig({ testTimeout: 120_000 })

let database: ViewsDatabase
sharedByTests(viewsDatabase, emptied, (made) => {
  database = made
})

const rows = (table: string) => database.rows(table)

const rebuildAll = async (deps: Parameters<typeof rebuilt>[0], watching = () => watch()): Promise<void> => {
  for (const model of postgresProjections) await rebuilt(deps, model, {}, watching())
}

const theHistory = () => aHistory(120, 100, 7)

describe('a rebuild', () => {
  test('makes of any history what a naive fold makes', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), async (steps) => {
        await emptied(database)
        const history = await historyOf(steps)
        await rebuildAll(depsOn(database, history))
        await expectViewsOf(history.commits, rows)
      }),
      { numRuns: 8 },
    )
    expect(await servingVersions(database.owner)).toEqual(
      new Map(postgresProjections.map(({ name, version }) => [name, version])),
    )
  })

  test('loses and doubles nothing that is written, delivered late and delivered twice while it runs', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(60), fc.infiniteStream(fc.nat()), async (steps, random) => {
        await emptied(database)
        const { commits, events } = await historyOf(steps)
        const upTo = (count: number) => random.next().value % (count + 1)
        const deliver = liveProjector(database, events)
        let stored = upTo(commits.length)
        let delivered = upTo(stored)
        await deliver(commits.slice(0, delivered))
        // Between any two pages more is stored, and some of what is stored is delivered, at times once more.
        const goOn = async (): Promise<void> => {
          stored += upTo(commits.length - stored)
          const from = Math.max(0, delivered - upTo(3))
          delivered += upTo(stored - delivered)
          await deliver(commits.slice(from, delivered))
        }
        const scan = memoryScan(() => commits.slice(0, stored), 2, goOn)
        await rebuildAll(depsOn(database, { commits, events }, { scan }))
        stored = commits.length
        await deliver(commits.slice(delivered))
        await expectViewsOf(commits, rows)
      }),
      { numRuns: 12 },
    )
  })

  test('goes on after a stop at any step, and until then nothing that serves has changed', async () => {
    const history = await theHistory()
    await liveProjector(database, history.events)(history.commits)
    const model = modelNamed('sales')
    const deps = depsOn(database, history, { scan: memoryScan(() => history.commits, 5) })
    await database.owner.query(`UPDATE sales SET invoices = invoices + 1`)
    const damaged = await rows('sales')
    let stops = 0
    for (let at = 1; ; at += 1) {
      let steps = 0
      const stopping = watch((step, stop) => {
        if (step._tag === 'Read' && step.items > 0) steps += 1
        else if (step._tag !== 'Read') steps += 1
        if (steps === at) stop()
      })
      const outcome = await rebuilt(deps, model, {}, stopping).then(
        () => 'done',
        (error: Error) => error.message,
      )
      if (outcome === 'done') break
      expect(outcome).toBe('stopped')
      expect(await rows('sales')).toEqual(damaged)
      stops += 1
    }
    expect(stops).toBeGreaterThan(3)
    await expectViewsOf(history.commits, rows)
  })

  test('copies nothing twice when a run that was killed commits after all', async () => {
    const history = await theHistory()
    const model = modelNamed('orders')
    const deps = depsOn(database, history, { scan: memoryScan(() => history.commits, 5) })
    await expect(
      rebuilt(
        deps,
        model,
        {},
        watch((step, stop) => step._tag === 'Begun' && stop()),
      ),
    ).rejects.toThrow('stopped')
    const states = await readSegments(database.owner, 'rebuild_orders')
    const work = {
      ...deps,
      model,
      schema: 'rebuild_orders',
      segments: states.length,
      draw: nothingDrawn,
      leave: async () => {},
      onProgress: () => {},
      signal: new AbortController().signal,
    }
    // Both begin where the segments were left.
    await Promise.all([backfill(work, states), backfill(work, states)])
    await rebuilt(deps, model)
    await expectTablesOf(model, history.commits, rows)
  })

  test('takes the place of the serving tables with rights, policies and indexes', async () => {
    const { owner } = database
    const shape = async () => {
      const indexes = await owner.query(
        `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname`,
      )
      const policies = await owner.query(
        `SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2`,
      )
      const rights = await owner.query(
        `SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants
          WHERE table_schema = 'public' AND grantee LIKE 'daybook%' ORDER BY 1, 2, 3`,
      )
      const columns = await owner.query(
        `SELECT table_name, column_name, data_type, column_default, is_nullable, collation_name
           FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position`,
      )
      return [indexes.rows, policies.rows, rights.rows, columns.rows]
    }
    const before = await shape()
    await rebuildAll(depsOn(database, await theHistory()))
    expect(await shape()).toEqual(before)
  })

  test('from the archive makes the same, gets what the archive lacks from the event store, and goes on after a stop', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), fc.infiniteStream(fc.boolean()), async (steps, random) => {
        await emptied(database)
        const { commits, events } = await historyOf(steps)
        await liveProjector(database, events)(commits)
        const archived = commits.filter(() => random.next().value)
        const archive = async function* () {
          yield* archived
        }
        const deps = depsOn(database, { commits, events }, { archive })
        for (const model of postgresProjections) {
          const stopping = watch((step, stop) => step._tag === 'Read' && stop())
          await expect(rebuilt(deps, model, { fromArchive: true }, stopping)).rejects.toThrow('stopped')
          await rebuilt(deps, model, { fromArchive: true })
        }
        await expectViewsOf(commits, rows)
      }),
      { numRuns: 5 },
    )
  })

  test('of one tenant changes no other tenant’s rows', async () => {
    const history = await theHistory()
    await liveProjector(database, history.events)(history.commits)
    await database.owner.query(`UPDATE sales SET invoices = invoices + 1`)
    const others = async () => (await rows('sales')).filter(({ tenant }) => tenant !== 'acme')
    const before = await others()
    expect(before.length).toBeGreaterThan(0)
    const { events } = await rebuilt(depsOn(database, history), modelNamed('sales'), { tenant: 'acme' })
    expect(events).toBeGreaterThan(0)
    expect(await others()).toEqual(before)
    await database.owner.query(`UPDATE sales SET invoices = invoices - 1 WHERE tenant <> 'acme'`)
    await expectViewsOf(history.commits, rows)
  })

  test('is refused while another one of the same projection runs, and the other goes on', async () => {
    const history = await theHistory()
    const deps = depsOn(database, history)
    const second: Array<Promise<unknown>> = []
    const first = rebuilt(
      deps,
      modelNamed('orders'),
      {},
      watch((step) => {
        if (step._tag === 'Begun') second.push(rebuilt(deps, modelNamed('orders')).catch((error: unknown) => error))
      }),
    )
    await first
    expect(await second[0]).toEqual(new RebuildRefused('another replay of orders is running: wait until it has ended'))
  })

  test('begins anew when a migration has changed the tables meanwhile', async () => {
    const history = await theHistory()
    const deps = depsOn(database, history)
    const stopping = watch((step, stop) => step._tag === 'Read' && stop())
    await expect(rebuilt(deps, modelNamed('stock'), {}, stopping)).rejects.toThrow('stopped')
    await database.owner.query('ALTER TABLE stock_levels ADD COLUMN shelf text')
    let resumed: boolean | undefined
    const watching = watch((step) => {
      if (step._tag === 'Begun') resumed = step.resumed
    })
    await rebuilt(deps, modelNamed('stock'), {}, watching)
    await database.owner.query('ALTER TABLE stock_levels DROP COLUMN shelf')
    expect(resumed).toBe(false)
    await rebuilt(deps, modelNamed('stock'))
  })
})
