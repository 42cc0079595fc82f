import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Commit } from '../../infra/event-store/port.ts'
import { memoryProducts } from '../../infra/search/memory.ts'
import type { ProductDocuments } from '../../infra/search/port.ts'
import { commandHistories, historyOf } from './event-histories.ts'
import { deliverToEnd, kinesisEventOf, naiveProducts, searchProjectorOf } from './search-projector-under-test.ts'

/** Every commit at least once: some twice, in any order, in batches of any size. */
const deliveryOf = (commits: ReadonlyArray<Commit>): fc.Arbitrary<ReadonlyArray<ReadonlyArray<Commit>>> =>
  fc
    .tuple(fc.shuffledSubarray([...commits]), fc.integer({ min: 1, max: 12 }))
    .chain(([again, size]) =>
      fc
        .shuffledSubarray([...commits, ...again], { minLength: commits.length + again.length })
        .map((records) =>
          Array.from({ length: Math.ceil(records.length / size) }, (_, batch) => batch * size).map((start) =>
            records.slice(start, start + size),
          ),
        ),
    )

/** Now and then away, before it wrote or after it (the answer was lost), or refusing a document for the time being. */
const flaky = (products: ProductDocuments, moods: ReadonlyArray<string>): ProductDocuments => {
  let calls = 0
  return {
    ...products,
    write: async (written) => {
      const mood = moods[calls % moods.length]
      calls += 1
      if (mood === 'away') throw new Error('the connection is gone')
      if (mood === 'busy') {
        const [first, ...others] = written
        await products.write(others)
        return first ? [{ tenant: first.tenant, sku: first.sku, reason: 'busy', retryable: true }] : []
      }
      const failures = await products.write(written)
      if (mood === 'silent') throw new Error('the connection went away')
      return failures
    },
  }
}

const moods = fc
  .array(fc.constantFrom('well', 'away', 'silent', 'busy'), { minLength: 1, maxLength: 12 })
  .map((some) => [...some, 'well'])

describe('whatever Kinesis does to the commits', () => {
  test('duplicated, reordered and batched at random they give the documents that a naive fold gives', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(40), fc.gen(), async (steps, gen) => {
        const { commits, events } = await historyOf(steps)
        const { handle, search, parked } = searchProjectorOf({ events })
        for (const batch of gen(deliveryOf, commits)) await deliverToEnd(handle, kinesisEventOf(batch))
        expect(new Set(search.all())).toEqual(new Set(naiveProducts(commits)))
        expect(await parked()).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test('an index that fails at random changes nothing in the end', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(25), moods, fc.gen(), async (steps, moods, gen) => {
        const { commits, events } = await historyOf(steps)
        const products = memoryProducts()
        const { handle } = searchProjectorOf({ events, search: flaky(products, moods) })
        for (const batch of gen(deliveryOf, commits)) await deliverToEnd(handle, kinesisEventOf(batch))
        expect(new Set(products.all())).toEqual(new Set(naiveProducts(commits)))
      }),
      { numRuns: 60 },
    )
  })

  test('two projectors at once on the same records leave the newest documents', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(25), fc.gen(), async (steps, gen) => {
        const { commits, events } = await historyOf(steps)
        const search = memoryProducts()
        const deliveries = [gen(deliveryOf, commits), gen(deliveryOf, commits)]
        const run = async (batches: ReadonlyArray<ReadonlyArray<Commit>>): Promise<void> => {
          const { handle } = searchProjectorOf({ events, search })
          for (const batch of batches) await deliverToEnd(handle, kinesisEventOf(batch))
        }
        await Promise.all(deliveries.map(run))
        expect(new Set(search.all())).toEqual(new Set(naiveProducts(commits)))
      }),
      { numRuns: 60 },
    )
  })
})
