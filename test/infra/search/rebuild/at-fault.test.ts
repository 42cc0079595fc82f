import { describe, expect, test } from 'vitest'
import { heal } from '../../../../infra/rebuild/heal.ts'
import { RebuildRefused } from '../../../../infra/rebuild/refusal.ts'
import type { ProductDocuments, ProductIndexes } from '../../../../infra/search/port.ts'
import { healProduct } from '../../../../infra/search/rebuild/heal.ts'
import { rollbackIndex } from '../../../../infra/search/rebuild/rollback.ts'
import { postgresParkedStreams } from '../../../../infra/views/postgres-parked.ts'
import { naiveProducts } from '../../../projections/search-projector-under-test.ts'
import { memoryScan } from '../../rebuild/memory-scan.ts'
import { modelNamed, sharedByTests, watch } from '../../rebuild/rebuilding.ts'
import { type IndexesWithViews, searchEngines } from '../indexes-under-test.ts'
import {
  added,
  emptiedIndex,
  fromTheFuture,
  indexDepsOn,
  liveSearchProjector,
  priceChanged,
  productStream,
  rebuiltIndex,
  servedBy,
  writableBook,
} from './index-rebuilding.ts'

/** Documents of which some are refused, for good or for the next few times. */
const refusing = (
  documents: ProductDocuments,
  sku: string,
  retryable: () => boolean | undefined,
): ProductDocuments => ({
  ...documents,
  write: async (products) => {
    const refused = retryable()
    const ours = products.filter((product) => refused === undefined || product.sku !== sku)
    const failures = await documents.write(ours)
    const theirs = products.filter((product) => !ours.includes(product))
    return [
      ...failures,
      ...theirs.map(({ tenant }) => ({ tenant, sku, reason: 'no room', retryable: refused === true })),
    ]
  },
})

const refusingIn = (indexes: ProductIndexes, sku: string, retryable: () => boolean | undefined): ProductIndexes => ({
  ...indexes,
  documents: (generation) => refusing(indexes.documents(generation), sku, retryable),
})

describe.each(searchEngines)('a document at fault, on %s', (_, make) => {
  let engine: IndexesWithViews
  sharedByTests(make, emptiedIndex, (made) => {
    engine = made
  })

  const parked = () => postgresParkedStreams(engine.database.owner).parked('product-search')
  const threeProducts = async () => {
    const book = writableBook()
    for (const sku of ['a', 'b', 'c']) await book.append(sku, added(sku), priceChanged('3'))
    return book
  }

  test('that is refused keeps the next index from serving, when the serving one has it', async () => {
    const book = await threeProducts()
    await liveSearchProjector(engine, book.events)(book.commits)
    const before = await servedBy(engine)
    const deps = indexDepsOn(engine, book, { indexes: refusingIn(engine.indexes, 'b', () => false) })
    await expect(rebuiltIndex(deps)).rejects.toThrow(
      new RebuildRefused(
        '1 streams cannot be applied that the serving view has applied, the first: acme product/b at version 1: no room; mend the cause, then run the same command again to go on',
      ),
    )
    expect(await servedBy(engine)).toEqual(before)
    expect(await parked()).toEqual([])
    const resumed: boolean[] = []
    const watching = watch((step) => step._tag === 'Begun' && resumed.push(step.resumed))
    await rebuiltIndex(indexDepsOn(engine, book), watching)
    expect(resumed).toEqual([true])
    expect(await servedBy(engine)).toEqual(before)
    expect(await parked()).toEqual([])
  })

  test('is tried again by the earlier index when that is gone back to', async () => {
    const book = await threeProducts()
    await liveSearchProjector(engine, book.events, { search: refusing(engine.search, 'b', () => false) })(book.commits)
    const deps = indexDepsOn(engine, book)
    await rebuiltIndex(deps)
    expect(await parked()).toEqual([])
    await rollbackIndex(deps, watch())
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
    expect(await parked()).toEqual([])
  })

  test('parks its stream only, and stays parked after a rebuild that cannot take it either', async () => {
    const book = await threeProducts()
    const search = refusing(engine.search, 'b', () => false)
    await liveSearchProjector(engine, book.events, { search })(book.commits)
    expect(await parked()).toMatchObject([{ stream: productStream('b'), version: 1, error: 'no room' }])
    const without = new Set(naiveProducts(book.commits).filter(({ sku }) => sku !== 'b'))
    expect(await servedBy(engine)).toEqual(without)
    await rebuiltIndex(indexDepsOn(engine, book, { indexes: refusingIn(engine.indexes, 'b', () => false) }))
    expect(await servedBy(engine)).toEqual(without)
    expect(await parked()).toMatchObject([{ stream: productStream('b'), version: 1, error: 'no room' }])
  })

  test('is not parked any more after a rebuild that can take it', async () => {
    const book = await threeProducts()
    const search = refusing(engine.search, 'b', () => false)
    await liveSearchProjector(engine, book.events, { search })(book.commits)
    await rebuiltIndex(indexDepsOn(engine, book))
    expect(await parked()).toEqual([])
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
  })

  test('is served by a rebuild up to the event that nobody knows', async () => {
    const book = await threeProducts()
    await book.append('b', priceChanged('4'))
    const known = naiveProducts(book.commits)
    await book.append('b', fromTheFuture)
    await liveSearchProjector(engine, book.events)(book.commits)
    await rebuiltIndex(indexDepsOn(engine, book))
    expect(await servedBy(engine)).toEqual(new Set(known))
    expect(await parked()).toMatchObject([{ stream: productStream('b'), version: 4 }])
  })

  test('that the index cannot take for the time being is written later', async () => {
    const book = await threeProducts()
    let busy = 3
    const indexes = refusingIn(engine.indexes, 'b', () => {
      busy -= 1
      return busy >= 0 ? true : undefined
    })
    await rebuiltIndex(indexDepsOn(engine, book, { indexes }))
    expect(busy).toBeLessThan(0)
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
    expect(await parked()).toEqual([])
  })

  test('is healed once it can be taken, with all that came while it was parked', async () => {
    const book = await threeProducts()
    const project = liveSearchProjector(engine, book.events, { search: refusing(engine.search, 'b', () => false) })
    await project(book.commits)
    await project([await book.append('b', priceChanged('5'))])
    const deps = indexDepsOn(engine, book)
    const stillRefused = { ...deps, indexes: refusingIn(engine.indexes, 'b', () => false) }
    await expect(healProduct(stillRefused, productStream('b'))).rejects.toThrow(
      new RebuildRefused('product-search cannot apply product/b of tenant acme from version 1 on: no room'),
    )
    expect(await parked()).toHaveLength(1)
    expect(await healProduct(deps, productStream('b'))).toEqual({ from: 0, to: 3, wasParked: true })
    expect(await parked()).toEqual([])
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
    expect(await healProduct(deps, productStream('b'))).toEqual({ from: 3, to: 3, wasParked: false })
  })

  test('a stream that is not there, or is of another kind, is not healed and not parked', async () => {
    const deps = indexDepsOn(engine, await threeProducts())
    await expect(healProduct(deps, productStream('z'))).rejects.toThrow('there is no stream product/z of tenant acme')
    const order = { ...productStream('a'), type: 'order' }
    await expect(healProduct(deps, order)).rejects.toThrow('product-search reads no streams of type order')
    await expect(heal(deps, modelNamed('stock'), productStream('a'))).rejects.toThrow(
      'stock reads no streams of type product',
    )
    expect(await parked()).toEqual([])
  })

  test('that was ended by a stop is written once more, and that changes nothing', async () => {
    const book = await threeProducts()
    const stopping = watch((step, stop) => step._tag === 'Read' && step.events > 0 && stop())
    const deps = indexDepsOn(engine, book, { scan: memoryScan(() => book.commits, 1) })
    await expect(rebuiltIndex(deps, stopping)).rejects.toThrow('stopped')
    await rebuiltIndex(deps)
    expect(await servedBy(engine)).toEqual(new Set(naiveProducts(book.commits)))
  })
})
