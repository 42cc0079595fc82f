import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import { memoryViewStore } from '../../infra/views/memory.ts'
import type { ViewStore } from '../../infra/views/port.ts'
import { batchesOf, deliver, deliveries } from './deliveries.ts'
import { commandHistories, historyOf } from './event-histories.ts'
import { expectViewsOf, projectorOf } from './projector-under-test.ts'

/** A store that breaks now and then, before a commit or after it (the answer was lost). */
const flaky = (views: ViewStore, moods: ReadonlyArray<'well' | 'down' | 'silent'>): ViewStore => {
  let calls = 0
  return {
    ...views,
    commit: async (commit) => {
      const mood = moods[calls % moods.length]
      calls += 1
      if (mood === 'down') throw new Error('the connection is gone')
      const outcome = await views.commit(commit)
      if (mood === 'silent') throw new Error('the connection went away')
      return outcome
    },
  }
}

const moods = fc
  .array(fc.constantFrom('well', 'well', 'down', 'silent'), { minLength: 1, maxLength: 20 })
  .map((some) => [...some, 'well' as const])

describe('whatever a feed does to the commits', () => {
  test('duplicated, reordered and batched at random they give the view that a naive fold gives', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), deliveries, async (steps, delivery) => {
        const { commits, events } = await historyOf(steps)
        const views = memoryViewStore()
        const handler = projectorOf({ views, events })
        for (const batch of batchesOf(commits, delivery)) await deliver(handler, batch)
        await expectViewsOf(commits, views.rows)
      }),
      { numRuns: 150 },
    )
  })

  test('a store that fails at random, before or after it wrote, changes nothing in the end', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(25), deliveries, moods, async (steps, delivery, moods) => {
        const { commits, events } = await historyOf(steps)
        const views = memoryViewStore()
        const handler = projectorOf({ views: flaky(views, moods), events })
        for (const batch of batchesOf(commits, delivery)) await deliver(handler, batch)
        await expectViewsOf(commits, views.rows)
      }),
      { numRuns: 60 },
    )
  })

  test('two projectors at once on the same records leave the totals exact', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(25), deliveries, deliveries, async (steps, one, other) => {
        const { commits, events } = await historyOf(steps)
        const views = memoryViewStore()
        const run = async (delivery: typeof one): Promise<void> => {
          const handler = projectorOf({ views, events })
          for (const batch of batchesOf(commits, delivery)) await deliver(handler, batch)
        }
        await Promise.all([run(one), run(other)])
        await expectViewsOf(commits, views.rows)
      }),
      { numRuns: 60 },
    )
  })
})
