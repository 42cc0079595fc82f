import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  Generation,
  Held,
  ProductDocuments,
  ProductIndexes,
  ProductSearch,
  VersionedProduct,
} from '../../infra/search/port.ts'
import { lantern, product, tombstone } from './product-documents.ts'

export type IndexesUnderTest = {
  readonly indexes: ProductIndexes
  readonly search: ProductSearch
  readonly close: () => Promise<void>
}

/** All that a generation holds, document by document. */
export const everythingIn = async (
  indexes: ProductIndexes,
  generation: Generation,
): Promise<ReadonlyArray<VersionedProduct>> => {
  const all: VersionedProduct[] = []
  for await (const page of indexes.held(generation)) all.push(...(await indexes.documents(generation).read(page)))
  return all
}

/** Whatever comes of it: a failure that is answered or a rejection. */
const written = (documents: ProductDocuments, products: ReadonlyArray<VersionedProduct>): Promise<boolean> =>
  documents.write(products).then(
    (failures) => failures.length === 0,
    () => false,
  )

/** What the generations of every search index promise. `make` answers a prepared one without documents. */
export const productIndexesContract = (name: string, make: () => Promise<IndexesUnderTest>): void => {
  describe(`generations of the product index: ${name}`, () => {
    const opened: IndexesUnderTest[] = []
    let indexes: ProductIndexes
    let search: ProductSearch
    beforeEach(async () => {
      const fresh = await make()
      opened.push(fresh)
      indexes = fresh.indexes
      search = fresh.search
    })
    afterAll(async () => {
      for (const each of opened) await each.close()
    })

    const tenant = 'acme'
    const old = product(tenant, 1, lantern)
    const renewed = product(tenant, 1, { ...lantern, name: 'RENEWED LANTERN' })
    const found = async (): Promise<ReadonlyArray<string>> => {
      await search.refresh()
      return (await search.search({ tenant, q: 'lantern', limit: 10 })).items.map((item) => item.name)
    }
    const serve = async (...products: ReadonlyArray<VersionedProduct>): Promise<void> => {
      await indexes.createNext()
      await indexes.documents('next').write(products)
      await indexes.finishNext()
      await indexes.serveNext()
    }

    test('there is one that serves, and neither a next nor a previous one', async () => {
      expect([await indexes.has('serving'), await indexes.has('next'), await indexes.has('previous')]).toEqual([
        true,
        false,
        false,
      ])
    })

    test('what is written to the next one is in that one alone', async () => {
      await search.write([old])
      await indexes.createNext()
      expect(await everythingIn(indexes, 'next')).toEqual([])
      await indexes.documents('next').write([product(tenant, 9, { ...lantern, name: 'NEXT LANTERN' })])
      expect(await found()).toEqual([lantern.name])
      expect(await indexes.documents('serving').read([old])).toEqual([old])
    })

    test('all that one holds is told once each, tombstones and what was written just now included', async () => {
      const many = Array.from({ length: 2_500 }, (_, index) =>
        product(tenant, 1 + index, { ...lantern, sku: `P${index}` }),
      )
      const others = [tombstone('other', 7, 'P1'), tombstone('a', 2, 'p1')]
      await indexes.createNext()
      expect(await indexes.documents('next').write([...many, ...others])).toEqual([])
      const told = []
      for await (const page of indexes.held('next')) told.push(...page)
      const keys = [...many, ...others].map(({ document, ...key }) => ({ ...key, deleted: document === null }))
      const spelt = (one: Held) => [one.tenant, one.sku, one.version, one.deleted].join(' ')
      expect(told).toHaveLength(keys.length)
      expect(told.map(spelt).sort()).toEqual(keys.map(spelt).sort())
    })

    test('the next one takes over from the one that serves, which is kept', async () => {
      await search.write([old])
      await serve(renewed)
      expect(await found()).toEqual(['RENEWED LANTERN'])
      expect(await everythingIn(indexes, 'previous')).toEqual([old])
      expect(await indexes.has('next')).toBe(false)
      const newer = product(tenant, 2, lantern)
      expect(await search.write([newer])).toEqual([])
      expect(await everythingIn(indexes, 'serving')).toEqual([newer])
    })

    test('what was written to the next one at the last moment is found as soon as it serves', async () => {
      await serve()
      await indexes.createNext()
      await indexes.finishNext()
      await indexes.documents('next').write([old])
      await indexes.serveNext()
      expect((await search.search({ tenant, q: 'lantern', limit: 10 })).total).toBe(1)
    })

    test('of those that served before only the last is kept', async () => {
      await search.write([old])
      await serve(renewed)
      await serve(product(tenant, 3, lantern))
      expect(await everythingIn(indexes, 'previous')).toEqual([renewed])
    })

    test('the previous one can become the next one, and serve again with everything that it held', async () => {
      await search.write([old])
      await serve(renewed)
      await indexes.takeUpPrevious()
      expect([await indexes.has('previous'), await indexes.fits('next')]).toEqual([false, true])
      expect(await everythingIn(indexes, 'next')).toEqual([old])
      await indexes.serveNext()
      expect(await found()).toEqual([lantern.name])
      expect(await everythingIn(indexes, 'previous')).toEqual([renewed])
    })

    test('without a next one nothing changes places, and nothing is written anywhere', async () => {
      await search.write([old])
      await expect(indexes.serveNext()).rejects.toThrow()
      await expect(indexes.takeUpPrevious()).rejects.toThrow()
      expect(await written(indexes.documents('next'), [renewed])).toBe(false)
      expect(await written(indexes.documents('previous'), [renewed])).toBe(false)
      expect([await indexes.has('next'), await indexes.has('previous')]).toEqual([false, false])
      expect(await everythingIn(indexes, 'serving')).toEqual([old])
    })

    test('a next one that was left goes with the one that is made after it, or by itself', async () => {
      await indexes.createNext()
      await indexes.documents('next').write([renewed])
      await indexes.createNext()
      expect(await everythingIn(indexes, 'next')).toEqual([])
      await indexes.dropNext()
      await indexes.dropNext()
      expect(await indexes.has('next')).toBe(false)
    })

    test('preparing the search after a switch leaves the index that serves alone', async () => {
      await serve(renewed)
      await serve(product(tenant, 3, lantern))
      await search.prepare()
      expect(await search.write([product(tenant, 4, lantern)])).toEqual([])
      expect(await everythingIn(indexes, 'serving')).toEqual([product(tenant, 4, lantern)])
    })

    test('one that was filled and finished, twice even, keeps versions as the serving one does', async () => {
      await indexes.createNext()
      const next = indexes.documents('next')
      await next.write([product(tenant, 5, lantern)])
      await indexes.finishNext()
      await indexes.finishNext()
      await next.write([old, tombstone(tenant, 5, lantern.sku)])
      expect(await everythingIn(indexes, 'next')).toEqual([product(tenant, 5, lantern)])
    })

    test('queries are answered all the while, from the one or from the other', async () => {
      await search.write([old])
      await search.refresh()
      await indexes.createNext()
      await indexes.documents('next').write([renewed])
      await indexes.finishNext()
      const answers: string[][] = []
      let over = false
      const asking = Array.from({ length: 3 }, async () => {
        while (!over) {
          const { items } = await search.search({ tenant, q: 'lantern', limit: 10 })
          answers.push(items.map((item) => item.name))
        }
      })
      for (let round = 0; round < 5; round += 1) {
        await indexes.serveNext()
        await indexes.takeUpPrevious()
      }
      over = true
      await Promise.all(asking)
      expect(answers.length).toBeGreaterThan(0)
      expect(new Set(answers.map(String))).toEqual(new Set([lantern.name, 'RENEWED LANTERN']))
    })
  })
}
