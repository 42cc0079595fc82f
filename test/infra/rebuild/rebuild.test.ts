import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkpointTableOf } from '../../../infra/views/checkpoint-table.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { commandHistories, historyOf } from '../../projections/event-histories.ts'
import { expectViewsOf } from '../../projections/projector-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { depsOn, rebuildAll } from './rebuilding.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

const emptied = async (): Promise<void> => {
  const tables = postgresProjections.flatMap(({ name, tables }) => [
    checkpointTableOf(name),
    ...tables.map((table) => table.name),
  ])
  await database.owner.query(`TRUNCATE parked_streams, ${tables.join()}`)
}

describe('a rebuild', () => {
  test('makes of any history the view that a naive fold makes', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), async (steps) => {
        await emptied()
        const history = await historyOf(steps)
        await rebuildAll(depsOn(database, history))
        await expectViewsOf(history.commits, (table) => database.rows(table))
      }),
      { numRuns: 10 },
    )
    expect(true).toBe(true)
  })
})
