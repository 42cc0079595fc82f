import { describe, expect, test } from 'vitest'
import { RebuildRefused } from '../../../../infra/rebuild/refusal.ts'
import { abandonIndex, rollbackIndex } from '../../../../infra/search/rebuild/rollback.ts'
import { everythingIn } from '../../../contracts/product-indexes.ts'
import { naiveProducts } from '../../../projections/search-projector-under-test.ts'
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

describe.each(searchEngines)('going back to the earlier search index on %s', (_, make) => {
  let engine: IndexesWithViews
  sharedByTests(make, emptiedIndex, (made) => {
    engine = made
  })

  /** Two products in the earlier index, and more of the one and a third one since. */
  const rebuiltOnce = async () => {
    const book = writableBook()
    const deliver = liveSearchProjector(engine, book.events)
    await deliver([await book.append('a', added('a')), await book.append('b', added('b'))])
    const deps = indexDepsOn(engine, book)
    await rebuiltIndex(deps)
    await deliver([await book.append('a', priceChanged('3')), await book.append('c', added('c'))])
    return { book, deps, deliver }
  }

  test('lets it serve with everything that has happened since, and keeps the other', async () => {
    const { book, deps } = await rebuiltOnce()
    const done = await rollbackIndex(deps, watch())
    expect(done).toMatchObject({ projection: 'product-search', streams: 3, events: 4, caughtUp: 2 })
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
    expect(new Set(await everythingIn(engine.indexes, 'previous'))).toEqual(new Set(naiveProducts(book.commits)))
    await rollbackIndex(deps, watch())
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
  })

  test('goes on after it was killed at any moment, while the projector goes on', async () => {
    let killed = 0
    for (let lives = 1; ; lives += 3) {
      await emptiedIndex(engine)
      const { book, deps, deliver } = await rebuiltOnce()
      const outcome = await rollbackIndex(mortal(deps, lives), watch()).then(
        () => 'done',
        (error: Error) => error.message,
      )
      await deliver([await book.append('b', priceChanged('7')), await book.append('d', added('d'))])
      if (outcome !== 'done') {
        expect(outcome).toBe('killed')
        killed += 1
        await rollbackIndex(deps, watch())
      }
      expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
      if (outcome === 'done') break
    }
    expect(killed).toBeGreaterThan(2)
  }, 120_000)

  test('is refused where there is none, where another version built it, and while something is being built', async () => {
    const { owner } = engine.database
    const empty = indexDepsOn(engine, writableBook())
    await expect(rollbackIndex(empty, watch())).rejects.toThrow(
      new RebuildRefused('there is no earlier generation of product-search to go back to'),
    )
    const { deps } = await rebuiltOnce()
    await owner.query('UPDATE previous_product_search.generation SET version = 9')
    await expect(rollbackIndex(deps, watch())).rejects.toThrow('was built by version 9 of the projection')
    await owner.query('UPDATE previous_product_search.generation SET version = 1')
    const stopping = watch((step, stop) => step._tag === 'Read' && stop())
    await expect(rebuiltIndex(deps, stopping)).rejects.toThrow('stopped')
    await expect(rollbackIndex(deps, watch())).rejects.toThrow('was begun and not finished')
    expect(await abandonIndex(deps)).toBe(true)
    expect(await abandonIndex(deps)).toBe(false)
    expect(await engine.indexes.has('next')).toBe(false)
    await rollbackIndex(deps, watch())
  })

  test('finds the earlier index where a switch failed, before it was made or at its end', async () => {
    const { owner } = engine.database
    const { book, deps } = await rebuiltOnce()
    const { indexes } = engine
    const serveNext = () => Promise.reject(new Error('killed'))
    await expect(rebuiltIndex({ ...deps, indexes: { ...indexes, serveNext } })).rejects.toThrow('killed')
    expect(await indexes.has('previous')).toBe(true)
    const generation = () => owner.query('SELECT version FROM previous_product_search.generation')
    expect((await generation()).rowCount).toBe(1)
    const constraint = `nothing_new CHECK (since < '2000-01-01') NOT VALID`
    await owner.query(`ALTER TABLE serving_projections ADD CONSTRAINT ${constraint}`)
    await expect(rebuiltIndex(deps)).rejects.toThrow('nothing_new')
    expect((await generation()).rowCount).toBe(1)
    await owner.query('ALTER TABLE serving_projections DROP CONSTRAINT nothing_new')
    await rebuiltIndex(deps)
    await rollbackIndex(deps, watch())
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
  })

  test('what serves already is not abandoned, but ended', async () => {
    const book = writableBook()
    await book.append('a', added('a'))
    const deps = indexDepsOn(engine, book)
    const { indexes } = engine
    const serveNext = async (): Promise<void> => {
      await indexes.serveNext()
      throw new Error('killed')
    }
    await expect(rebuiltIndex({ ...deps, indexes: { ...indexes, serveNext } })).rejects.toThrow('killed')
    await expect(abandonIndex(deps)).rejects.toThrow(RebuildRefused)
    await rebuiltIndex(deps)
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
    expect((await engine.database.owner.query('SELECT FROM rebuilds')).rowCount).toBe(0)
  })
})
