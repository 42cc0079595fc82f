import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { postgresViewStore } from '../../infra/views/postgres.ts'
import { type ViewsDatabase, viewsDatabase } from '../infra/postgres/views-database.ts'
import { batchesOf, type Delivery, deliver, deliveries } from './deliveries.ts'
import { commandHistories, type History, historyOf } from './event-histories.ts'
import { expectViewsOf, projectorOf } from './projector-under-test.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

const project = async ({ commits, events }: History, delivery: Delivery): Promise<void> => {
  const handler = projectorOf({ views: postgresViewStore(database.projector), events })
  for (const batch of batchesOf(commits, delivery)) await deliver(handler, batch)
}

describe('whatever a feed does to the commits, in Postgres', () => {
  test('duplicated, reordered and batched at random they give the view that a naive fold gives', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), deliveries, async (steps, delivery) => {
        await database.empty()
        const history = await historyOf(steps)
        await project(history, delivery)
        await expectViewsOf(history.commits, (table) => database.rows(table))
      }),
      { numRuns: 15 },
    )
  })

  test('two projectors at once on the same records leave the totals exact', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(60), deliveries, deliveries, async (steps, one, other) => {
        await database.empty()
        const history = await historyOf(steps)
        await Promise.all([project(history, one), project(history, other)])
        await expectViewsOf(history.commits, (table) => database.rows(table))
      }),
      { numRuns: 15 },
    )
  })
})
