import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chaoticSource, seededRandom } from '../../../infra/feeds/chaos.ts'
import { startKillable } from '../../../infra/feeds/killable.ts'
import { losingAnswers } from '../../../infra/feeds/lost-answers.ts'
import { startMapping } from '../../../infra/feeds/mapping.ts'
import type { Discarded } from '../../../infra/feeds/mapping-config.ts'
import { memoryPositions, type Positions } from '../../../infra/feeds/positions.ts'
import { type Delivered, eventually, mappingOf, payloadsOf } from './mapping-under-test.ts'
import { memorySource } from './memory-source.ts'

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index + 1)

const sourceWith = (count: number) => {
  const source = memorySource<number>()
  source.add('a')
  source.append('a', ...upTo(count))
  return source
}

test('a batch whose answer is lost after it was handled comes again, whole', async () => {
  const calls: Array<ReadonlyArray<number>> = []
  const answers = [0, 1, 1]
  const handler = losingAnswers(
    async (delivered: Delivered<number>) => {
      calls.push(payloadsOf(delivered))
    },
    0.5,
    () => answers.shift() ?? 1,
  )
  const mapping = startMapping(mappingOf({ source: sourceWith(4), handler, batchSize: 2 }))
  await eventually(mapping.idle)
  await mapping.stop()
  expect(calls).toEqual([
    [1, 2],
    [1, 2],
    [3, 4],
  ])
})

test('a mapping that is killed in the middle of a batch saves nothing of it, and the next one begins where positions stand', async () => {
  const positions = memoryPositions()
  const calls: Array<ReadonlyArray<number>> = []
  const source = sourceWith(6)
  const first = startKillable(
    mappingOf({
      source,
      positions,
      batchSize: 2,
      handler: async (delivered: Delivered<number>) => {
        calls.push(payloadsOf(delivered))
        if (calls.length === 2) first.kill()
      },
    }),
  )
  await eventually(() => calls.length === 2)
  const second = startMapping(
    mappingOf({
      source,
      positions,
      batchSize: 2,
      handler: async (delivered: Delivered<number>) => {
        calls.push(payloadsOf(delivered))
      },
    }),
  )
  await eventually(second.idle)
  await second.stop()
  expect(calls).toEqual([
    [1, 2],
    [3, 4],
    [3, 4],
    [5, 6],
  ])
  expect(first.status().handled).toBe(2)
})

/** What was done with the records of every shard, and whether that was ever out of order. */
const witness = (parents: ReadonlyMap<string, ReadonlyArray<string>>) => {
  const done = new Map<string, Set<number>>()
  const closed = new Map<string, number>()
  const violations: string[] = []
  const doneIn = (shardId: string): Set<number> => {
    const numbers = done.get(shardId) ?? new Set<number>()
    done.set(shardId, numbers)
    return numbers
  }
  const finish = (shardId: string, sequenceNumber: string): void => {
    const number = Number(sequenceNumber)
    const numbers = doneIn(shardId)
    if (number > 1 && !numbers.has(number - 1)) violations.push(`${shardId}: ${number} before ${number - 1}`)
    for (const parent of parents.get(shardId) ?? []) {
      const end = closed.get(parent)
      if (end === undefined || doneIn(parent).size < end) violations.push(`${shardId} before ${parent} was at its end`)
    }
    numbers.add(number)
  }
  const watched = (positions: Positions): Positions => ({
    open: async (consumer, incarnation) => {
      const opened = await positions.open(consumer, incarnation)
      const save = (shardId: string, sequenceNumber: string): void => {
        const skipped = upTo(Number(sequenceNumber)).filter((number) => !doneIn(shardId).has(number))
        if (skipped.length > 0) violations.push(`${shardId}: position ${sequenceNumber} passes ${skipped}`)
        opened.save(shardId, sequenceNumber)
      }
      return { ...opened, save }
    },
  })
  return {
    finish,
    watched,
    closed,
    violations,
    seen: () => [...done.values()].reduce((sum, { size }) => sum + size, 0),
  }
}

const chance = fc.double({ min: 0, max: 0.3, noNaN: true })
const adversity = fc.record({
  disorder: fc.record({
    duplicate: chance,
    postpone: chance,
    distance: fc.integer({ min: 1, max: 10 }),
    delay: chance,
    fail: chance,
  }),
  lostAnswer: chance,
  thrown: chance,
  partial: chance,
  killed: chance,
  seed: fc.integer(),
  counts: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30)),
  batchSize: fc.integer({ min: 1, max: 12 }),
  bisectBatchOnFunctionError: fc.boolean(),
  maximumRetryAttempts: fc.constantFrom(-1, -1, 0, 2),
})

test('under every adversity each record is dealt with, in its order, children after parents, and no position passes an open one', async () => {
  await fc.assert(
    fc.asyncProperty(adversity, async ({ disorder, lostAnswer, thrown, partial, killed, seed, counts, ...options }) => {
      const random = seededRandom(seed)
      // One shard that was split, and the halves merged again.
      const parents = new Map<string, ReadonlyArray<string>>([
        ['whole', []],
        ['left', ['whole']],
        ['right', ['whole']],
        ['merged', ['left', 'right']],
      ])
      const inner = memorySource<string>()
      for (const [index, [shardId, above]] of [...parents].entries()) {
        inner.add(shardId, ...above)
        inner.append(shardId, ...upTo(counts[index] ?? 0).map((number) => `${shardId} ${number}`))
        if (shardId !== 'merged') inner.close(shardId)
      }
      const { finish, watched, closed, violations } = witness(parents)
      const source = chaoticSource(inner, disorder, seed)
      const read: typeof source.read = async (request) => {
        const page = await source.read(request)
        const last = Number(page.records.at(-1)?.sequenceNumber ?? request.after ?? 0)
        if (page.closed) closed.set(request.shardId, last)
        return page
      }
      const payloads = new Set<string>()
      const positions = watched(memoryPositions())
      const handle = async (delivered: Delivered<string>) => {
        if (random() < thrown) throw new Error('chaos: the handler failed')
        const { records, shardId } = delivered
        const until = random() < partial ? Math.floor(random() * records.length) : records.length
        const stopAt = random() < killed ? Math.floor(random() * until) : until
        for (const { sequenceNumber, payload } of records.slice(0, stopAt)) {
          finish(shardId, sequenceNumber)
          payloads.add(payload)
        }
        if (stopAt < until) mapping.kill()
        const failed = records[until]
        return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed.sequenceNumber }] }
      }
      const onFailure = async ({ records, shardId }: Discarded): Promise<void> => {
        for (const { sequenceNumber, payload } of records) {
          finish(shardId, sequenceNumber)
          payloads.add(String(payload))
        }
      }
      const begin = () => {
        const alive = { now: true }
        const handler = losingAnswers(handle, lostAnswer, random)
        const started = startKillable(
          mappingOf({ source: { ...source, read }, positions, handler, onFailure, ...options, listShardsEveryMs: 5 }),
        )
        return {
          ...started,
          alive,
          kill: () => {
            alive.now = false
            started.kill()
          },
        }
      }
      let mapping = begin()
      const total = counts.reduce((sum, count) => sum + count)
      await eventually(() => {
        if (!mapping.alive.now) mapping = begin()
        return payloads.size === total && mapping.idle()
      })
      await mapping.stop()
      expect(violations).toEqual([])
    }),
    { numRuns: 60 },
  )
}, 120_000)
