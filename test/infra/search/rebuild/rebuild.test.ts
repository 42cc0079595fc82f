import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Commit } from '../../../../infra/event-store/port.ts'
import { RebuildRefused } from '../../../../infra/rebuild/refusal.ts'
import { servingVersions } from '../../../../infra/rebuild/serving.ts'
import type { ProductIndexes } from '../../../../infra/search/port.ts'
import { rebuildIndex } from '../../../../infra/search/rebuild/rebuild.ts'
import { productSearch } from '../../../../projections/views/product-search.ts'
import { everythingIn } from '../../../contracts/product-indexes.ts'
import { commandHistories, historyOf } from '../../../projections/event-histories.ts'
import { naiveProducts } from '../../../projections/search-projector-under-test.ts'
import { memoryScan } from '../../rebuild/memory-scan.ts'
import { sharedByTests, watch } from '../../rebuild/rebuilding.ts'
import { type IndexesWithViews, searchEngines } from '../indexes-under-test.ts'
import {
  added,
  emptiedIndex,
  indexDepsOn,
  liveSearchProjector,
  mortal,
  priceChanged,
  rebuiltIndex,
  servedBy,
  writableBook,
} from './index-rebuilding.ts'

/** Fails when a search would find less just after the switch than it found just before. */
const neverGoingBack = (indexes: ProductIndexes): ProductIndexes => ({
  ...indexes,
  serveNext: async () => {
    const before = await everythingIn(indexes, 'serving')
    await indexes.serveNext()
    const after = new Map((await everythingIn(indexes, 'serving')).map((product) => [product.sku, product.version]))
    for (const { sku, version } of before) expect(after.get(sku), sku).toBeGreaterThanOrEqual(version)
  },
})

describe.each(searchEngines)('a rebuild of the search index on %s', (_, make) => {
  let engine: IndexesWithViews
  sharedByTests(make, emptiedIndex, (made) => {
    engine = made
  })

  const naive = (commits: ReadonlyArray<Commit>) => new Set(naiveProducts(commits))

  test('makes of any history the documents that a naive fold makes, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(commandHistories(60), async (steps) => {
        await emptiedIndex(engine)
        const history = await historyOf(steps)
        const done = await rebuiltIndex(indexDepsOn(engine, history))
        const expected = naive(history.commits)
        expect(await servedBy(engine)).toEqual(expected)
        const tombstones = [...expected].filter(({ document }) => document === null).length
        expect(done).toMatchObject({
          projection: 'product-search',
          version: productSearch.version,
          streams: expected.size,
          events: [...expected].reduce((sum, { version }) => sum + version, 0),
          rows: { documents: expected.size - tombstones, tombstones },
        })
      }),
      { numRuns: 5 },
    )
    expect((await servingVersions(engine.database.owner)).get('product-search')).toBe(productSearch.version)
  }, 120_000)

  test('loses nothing, not even for a moment, that is written, delivered late and delivered twice while it runs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (random) => {
        await emptiedIndex(engine)
        const upTo = (count: number) => random.next().value % (count + 1)
        const book = writableBook()
        const deliver = liveSearchProjector(engine, book.events)
        let delivered = 0
        let sold = 0
        const goOn = async (): Promise<void> => {
          for (let more = upTo(4); more > 0; more -= 1) {
            sold += 1
            const known = upTo(sold - 1)
            await (upTo(1) === 0 && book.commits.some(({ stream }) => stream.id === `P${known}`)
              ? book.append(`P${known}`, priceChanged(String(sold)))
              : book.append(`P${sold}`, added(`P${sold}`)))
          }
          const from = Math.max(0, delivered - upTo(3))
          delivered += upTo(book.commits.length - delivered)
          await deliver(book.commits.slice(from, delivered))
        }
        for (let before = 0; before < 5; before += 1) await goOn()
        let over = false
        const deps = indexDepsOn(engine, book, {
          scan: memoryScan(() => book.commits, 2, goOn),
          indexes: neverGoingBack(engine.indexes),
        })
        const rebuilding = rebuiltIndex(deps).finally(() => {
          over = true
        })
        const writing = (async () => {
          while (!over) await goOn()
        })()
        await Promise.all([rebuilding, writing])
        await deliver(book.commits.slice(delivered))
        expect(await servedBy(engine)).toEqual(naive(book.commits))
      }),
      { numRuns: 4 },
    )
  }, 120_000)

  test('has, when it starts to serve, what the projector wrote at the last moment', async () => {
    const book = writableBook()
    const deliver = liveSearchProjector(engine, book.events)
    await deliver([await book.append('a', added('a')), await book.append('b', added('b'))])
    const { indexes } = engine
    const atTheSwitch: unknown[] = []
    const deps = indexDepsOn(engine, book, {
      indexes: {
        ...indexes,
        held: async function* (generation) {
          yield* indexes.held(generation)
          // Whoever compared the two generations has finished, and does not see this.
          if (generation === 'serving' && atTheSwitch.length === 0)
            await deliver([await book.append('a', priceChanged('3'))])
        },
        serveNext: async () => {
          await indexes.serveNext()
          atTheSwitch.push(new Set(await everythingIn(indexes, 'serving')))
        },
      },
    })
    await rebuiltIndex(deps)
    expect(atTheSwitch).toEqual([naive(book.commits)])
  })

  test('takes over what a projector writes to the earlier index after the switch, who had not heard of the rebuild', async () => {
    const book = writableBook()
    const deliver = liveSearchProjector(engine, book.events)
    await deliver([await book.append('a', added('a'))])
    const { indexes } = engine
    const deps = indexDepsOn(engine, book, {
      indexes: {
        ...indexes,
        serveNext: async () => {
          await book.append('a', priceChanged('3'))
          const [late] = naiveProducts(book.commits)
          await indexes.serveNext()
          await indexes.documents('previous').write(late ? [late] : [])
        },
      },
    })
    await rebuiltIndex(deps)
    expect(await servedBy(engine)).toEqual(naive(book.commits))
  })

  test('goes on after it was killed at any moment, while the projector goes on', async () => {
    let killed = 0
    let resumed = 0
    for (let lives = 1; ; lives += lives < 8 ? 2 : 5) {
      await emptiedIndex(engine)
      const book = writableBook()
      const deliver = liveSearchProjector(engine, book.events)
      for (const sku of ['a', 'b', 'c', 'd', 'e']) {
        await deliver([await book.append(sku, added(sku)), await book.append(sku, priceChanged('3'))])
      }
      const deps = indexDepsOn(engine, book)
      const outcome = await rebuiltIndex(mortal(deps, lives)).then(
        () => 'done',
        (error: Error) => error.message,
      )
      await deliver([await book.append('a', priceChanged('4')), await book.append('f', added('f'))])
      if (outcome !== 'done') {
        expect(outcome).toBe('killed')
        killed += 1
        await rebuiltIndex(
          deps,
          watch((step) => {
            if (step._tag === 'Begun' && step.resumed) resumed += 1
          }),
        )
      }
      expect(await servedBy(engine)).toEqual(naive(book.commits))
      expect([await engine.indexes.has('next'), await engine.indexes.has('previous')]).toEqual([false, true])
      if (outcome === 'done') break
    }
    expect(killed).toBeGreaterThan(5)
    expect(resumed).toBeGreaterThan(3)
  }, 180_000)

  test('is refused while another one runs, and for one tenant', async () => {
    const book = writableBook()
    await book.append('a', added('a'))
    const deps = indexDepsOn(engine, book)
    const second: Array<Promise<unknown>> = []
    await rebuiltIndex(
      deps,
      watch((step) => {
        if (step._tag === 'Begun') second.push(rebuiltIndex(deps).catch((error: unknown) => error))
      }),
    )
    expect(await second[0]).toEqual(
      new RebuildRefused('another replay of product-search is running: wait until it has ended'),
    )
    await expect(rebuildIndex(deps, { segments: 1, tenant: 'acme' }, watch())).rejects.toThrow(RebuildRefused)
  })

  test('does not serve when a document is missing, or is not what the events say', async () => {
    const book = writableBook()
    await book.append('a', added('a'))
    await book.append('b', added('b'))
    const { indexes } = engine
    const damaging = (damage: 'drop' | 'change') =>
      indexDepsOn(engine, book, {
        indexes: {
          ...indexes,
          documents: (generation) => {
            const documents = indexes.documents(generation)
            return {
              ...documents,
              write: (products) =>
                documents.write(
                  damage === 'drop'
                    ? products.filter(({ sku }) => sku !== 'b')
                    : products.map((each) => ({
                        ...each,
                        document: each.document && { ...each.document, price: '9' },
                      })),
                ),
            }
          },
        },
      })
    await expect(rebuiltIndex(damaging('drop'))).rejects.toThrow('stand for -1 events more than were folded')
    await expect(rebuiltIndex(damaging('change'), watch(), true)).rejects.toThrow(
      'documents that were folded again differ',
    )
    expect(await servedBy(engine)).toEqual(new Set())
    await rebuiltIndex(indexDepsOn(engine, book), watch(), true)
    expect(await servedBy(engine)).toEqual(naive(book.commits))
  })
})
