import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { plans } from './plans.ts'
import { readReplay, replayCommand } from './replay.ts'
import { simulate } from './simulate.ts'

/** Commands a writer, at most. */
const SIZE = 14

const { seed, path, runs } = readReplay(process.env)

test('whatever fate does to writers, feeds, engines and projectors, every view is the fold of the events', async () => {
  const run = fc.asyncProperty(plans(SIZE), fc.scheduler(), async (plan, scheduler) => {
    // Who replays one run wants to see all of it.
    await simulate(plan, scheduler, path === undefined ? 40 : Number.POSITIVE_INFINITY)
  })
  const replayed = path === undefined ? {} : { path, endOnFailure: true }
  const outcome = await fc.check(run, { numRuns: runs, ...(seed === undefined ? {} : { seed }), ...replayed })
  if (!outcome.failed) return
  const error = outcome.errorInstance instanceof Error ? outcome.errorInstance : new Error('the run was interrupted')
  error.message = `${replayCommand(outcome)} replays run ${outcome.numRuns} of ${runs}, which failed: ${error.message}`
  throw error
}, 600_000)

test('the same seed makes the same calls to the engines, in the same order and with the same fates', async () => {
  const traces = async (seed: number) => {
    const told: Array<ReadonlyArray<string>> = []
    for (const [plan, scheduler] of fc.sample(fc.tuple(plans(SIZE), fc.scheduler()), { seed, numRuns: 20 })) {
      told.push(await simulate(plan, scheduler))
    }
    return told
  }
  const first = await traces(1)
  expect(first.flat().length).toBeGreaterThan(1_000)
  expect(await traces(1)).toEqual(first)
  expect(await traces(2)).not.toEqual(first)
})
