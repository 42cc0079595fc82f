import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { chaoticSource } from '../../../infra/feeds/chaos.ts'
import { startMapping } from '../../../infra/feeds/mapping.ts'
import { memoryPositions } from '../../../infra/feeds/positions.ts'
import { type Delivered, eventually, mappingOf } from './mapping-under-test.ts'
import { memorySource } from './memory-source.ts'

const chance = fc.double({ min: 0, max: 0.4, noNaN: true })
const disorder = fc.record({
  duplicate: chance,
  postpone: chance,
  distance: fc.integer({ min: 1, max: 20 }),
  delay: chance,
  fail: chance,
})

const sourceOf = (count: number) => {
  const source = memorySource<number>()
  source.add('a')
  source.append('a', ...Array.from({ length: count }, (_, index) => index))
  return source
}

test('whatever the source and the handler do, an idempotent consumer sees every record, also across crashes', async () => {
  await fc.assert(
    fc.asyncProperty(
      disorder,
      fc.integer(),
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 40 }),
      async (misbehaviour, seed, count, batchSize) => {
        const source = chaoticSource(sourceOf(count), misbehaviour, seed)
        const positions = memoryPositions()
        const seen = new Set<number>()
        let call = 0
        const handler = async (delivered: Delivered<number>) => {
          call += 1
          if (call % 5 === 0) throw new Error('crash before')
          const failed = call % 3 === 0 ? delivered.records[Math.floor(delivered.records.length / 2)] : undefined
          for (const record of delivered.records) {
            if (record === failed) break
            seen.add(record.payload)
          }
          return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed.sequenceNumber }] }
        }
        for (const enough of [Math.floor(count / 3), count]) {
          const mapping = startMapping(mappingOf({ source, positions, handler, batchSize }))
          await eventually(() => seen.size >= enough)
          await mapping.stop()
        }
        expect(seen.size).toBe(count)
      },
    ),
    { numRuns: 40 },
  )
})

test('the same seed makes the same disorder', async () => {
  const misbehaviour = { duplicate: 0.3, postpone: 0.3, distance: 10, delay: 0, fail: 0 }
  const readAll = async (seed: number): Promise<ReadonlyArray<number>> => {
    const source = chaoticSource(sourceOf(100), misbehaviour, seed)
    const payloads: number[] = []
    for (let after: string | null = null, empty = 0; empty < 2; ) {
      const { records } = await source.read({ shardId: 'a', after, limit: 7 })
      payloads.push(...records.map(({ payload }) => payload))
      after = records.at(-1)?.sequenceNumber ?? after
      empty = records.length === 0 ? empty + 1 : 0
    }
    return payloads
  }
  const once = await readAll(42)
  expect(await readAll(42)).toEqual(once)
  expect(await readAll(43)).not.toEqual(once)
  expect(once.length).toBeGreaterThan(100)
  expect(new Set(once).size).toBe(100)
  expect(once).not.toEqual([...once].sort((one, other) => one - other))
})
