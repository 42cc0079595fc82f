import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidCursor, type ProductDocument, type ProductQuery, type ProductSearch } from '../../infra/search/port.ts'
import { lantern, product, productDocumentsContract, tombstone } from './product-documents.ts'

const document = (sku: string, name: string, category: string | null = null): ProductDocument => ({
  ...lantern,
  sku,
  name,
  category,
})

const catalogue: ReadonlyArray<ProductDocument> = [
  document('84879', 'ASSORTED COLOUR BIRD ORNAMENT', 'Ornaments'),
  document('85014B', 'RED RETROSPOT UMBRELLA', 'Umbrellas'),
  document('85014b', 'BLACK/BLUE POLKADOT UMBRELLA', 'Umbrellas'),
  document('85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', 'Lights'),
  document('22730', 'ALARM CLOCK BAKELIKE IVORY'),
  document('23084', 'RABBIT NIGHT LIGHT', 'Lights'),
  document('L-1.50', 'LANTERNS, SET OF 3', 'Lights'),
  document('L-2', 'THE KING’S CAFÉ LANTERN "XL"', 'Garden'),
  document('L-3', "CHILDREN'S PAPER LANTERN RED", 'Garden'),
  document('U-1', '日本の提灯 🏮 Ñandú', 'Ünïcode'),
]

/** What every product search promises, on its real engine. `make` answers a prepared one without documents. */
export const productSearchContract = (name: string, make: () => Promise<ProductSearch>): void => {
  productDocumentsContract(name, make)

  describe(`product search: ${name}`, () => {
    let search: ProductSearch
    const tenant = 'searching'
    const find = (q: string, more: Partial<ProductQuery> = {}) => search.search({ tenant, q, limit: 100, ...more })
    const skus = async (q: string, more: Partial<ProductQuery> = {}): Promise<ReadonlyArray<string>> =>
      (await find(q, more)).items.map(({ sku }) => sku)

    beforeAll(async () => {
      search = await make()
      const elsewhere = catalogue.map((each) => product('elsewhere', 1, { ...each, name: `${each.name} ELSEWHERE` }))
      await search.write([...catalogue.map((each) => product(tenant, 1, each)), ...elsewhere])
      await search.refresh()
    })
    afterAll(() => search.close())

    test('it is ready once it is prepared, and can be prepared again without losing anything', async () => {
      await Promise.all([search.prepare(), search.prepare()])
      expect(await search.ready()).toBe(true)
      expect((await find('')).total).toBe(catalogue.length)
    })

    test('a hit is the whole product with its version and the exact price', async () => {
      await search.write([product('whole', 7, { ...lantern, price: '0.001' })])
      await search.refresh()
      const { items, total, nextCursor } = await search.search({ tenant: 'whole', q: 'lantern', limit: 10 })
      expect(items).toEqual([{ ...lantern, price: '0.001', version: 7 }])
      expect({ total, nextCursor }).toEqual({ total: 1, nextCursor: null })
    })

    test('a blank query answers every product by SKU', async () => {
      const all = catalogue.map(({ sku }) => sku).sort()
      expect(await skus('')).toEqual(all)
      expect(await skus('  \t')).toEqual(all)
    })

    test('words match in any case, order and inflection', async () => {
      expect(new Set(await skus('lantern'))).toEqual(new Set(['L-1.50', 'L-2', 'L-3']))
      expect(await skus('Hearts hang')).toEqual(['85123A'])
      expect(await skus('umbrellas red')).toEqual(['85014B'])
    })

    test('all of a few words must match, and may do so in name, category and SKU together', async () => {
      expect(await skus('paper umbrella')).toEqual([])
      expect(await skus('garden children')).toEqual(['L-3'])
      expect(await skus('85123a heart')).toEqual(['85123A'])
    })

    test('of many words one may be missing', async () => {
      expect(await skus('white hanging heart glass holder')).toEqual(['85123A'])
      expect(await skus('white hanging glass vase')).toEqual([])
    })

    test('stop words and apostrophes are words like others', async () => {
      expect(await skus('the king')).toEqual(['L-2'])
      expect(await skus('the king’s')).toEqual(['L-2'])
      expect(await skus('childrens')).toEqual(['L-3'])
      expect(await skus("children's")).toEqual(['L-3'])
    })

    test.each(['lantrn', 'lanternn', 'lamtern', 'latnern', 'xlantern', 'antern', 'lantren', 'lanterms'])(
      '"%s" finds the lanterns',
      async (typo) => {
        expect(new Set(await skus(typo))).toEqual(new Set(['L-1.50', 'L-2', 'L-3']))
      },
    )

    test('any one typo in a word of four letters or more still finds the product', async () => {
      const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
      const mistyped = fc
        .tuple(
          fc.constantFrom('clock', 'rabbit', 'bird', 'umbrella', 'ornament', 'night', 'retrospot'),
          letter,
          fc.nat(),
        )
        .chain(([word, other, seed]) => {
          const at = seed % word.length
          const [before, here, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)]
          const typos = [before + after, before + other + here + after, before + other + after]
          const swapped = before + after.charAt(0) + here + after.slice(1)
          return fc.tuple(fc.constant(word), fc.constantFrom(...typos, swapped))
        })
        .filter(([, typo]) => typo.length >= 4)
      await fc.assert(
        fc.asyncProperty(mistyped, async ([word, typo]) => {
          const named = catalogue.filter((each) => each.name.toLowerCase().includes(word)).map(({ sku }) => sku)
          expect(named.length).toBeGreaterThan(0)
          expect(await skus(typo)).toEqual(expect.arrayContaining(named))
        }),
        { numRuns: 60 },
      )
    })

    test('codes and short words are taken literally', async () => {
      expect(await skus('85124A')).toEqual([])
      expect(await skus('rad')).toEqual([])
    })

    test('the last word may be unfinished', async () => {
      expect(await skus('white hang')).toEqual(['85123A'])
      expect(await skus('hang white')).toEqual(['85123A'])
      expect(await skus('ornam')).toEqual(['84879'])
      expect(await skus('decorat')).toEqual([])
    })

    test('a SKU finds its product first, then the one in other case, then those that it begins', async () => {
      expect(await skus('85014B')).toEqual(['85014B', '85014b'])
      expect(await skus('85014b')).toEqual(['85014b', '85014B'])
      expect(await skus('850')).toEqual(['85014B', '85014b'])
      expect(await skus('l-1.50')).toEqual(['L-1.50'])
      expect((await skus('L-')).toSorted()).toEqual(expect.arrayContaining(['L-1.50', 'L-2', 'L-3']))
    })

    test('matches in the name come before those in the category, right words before mistyped ones', async () => {
      expect(await skus('light')).toEqual(['23084', '85123A', 'L-1.50'])
      const other = 'ranking'
      await search.write([
        product(other, 1, document('1', 'CANDEL')),
        product(other, 1, document('2', 'PLATE', 'Candle')),
        product(other, 1, document('3', 'CANDLES')),
        product(other, 1, document('4', 'RED PAPER BELL CANDLE')),
        product(other, 1, document('5', 'CANDLE PAPER')),
      ])
      await search.refresh()
      expect(await skus('candle', { tenant: other })).toEqual(['3', '4', '5', '2', '1'])
      expect(await skus('candle paper', { tenant: other })).toEqual(['5', '4'])
    })

    test('names in any script are found, with accents or without', async () => {
      expect(await skus('cafe')).toEqual(['L-2'])
      expect(await skus('CAFÉ')).toEqual(['L-2'])
      expect(await skus('日本')).toEqual(['U-1'])
      expect(await skus('ñandú')).toEqual(['U-1'])
      expect(await skus('unicode')).toEqual(['U-1'])
    })

    test('facets count every category of the query, none included, and the filter does not narrow them', async () => {
      const lanterns = [
        { value: 'Garden', count: 2 },
        { value: 'Lights', count: 1 },
      ]
      expect((await find('lantern')).facets.category).toEqual(lanterns)
      const garden = await find('lantern', { category: 'Garden' })
      expect(garden.facets.category).toEqual(lanterns)
      expect(garden.total).toBe(2)
      expect(garden.items.map(({ sku }) => sku).toSorted()).toEqual(['L-2', 'L-3'])
      expect((await find('')).facets.category).toContainEqual({ value: null, count: 1 })
      expect(await find('', { category: 'garden' })).toMatchObject({ items: [], total: 0 })
    })

    test('pages by cursor give every hit once, in the order of one large page', async () => {
      for (const [q, more] of [
        ['', {}],
        ['lantern light', {}],
        ['l', {}],
        ['', { category: 'Lights' }],
      ] as const) {
        const whole = await find(q, more)
        for (const limit of [1, 2, whole.items.length]) {
          const paged: string[] = []
          let cursor: string | null | undefined
          while (cursor !== null) {
            const page = await find(q, { ...more, limit, ...(cursor === undefined ? {} : { cursor }) })
            expect(page.total).toBe(whole.total)
            paged.push(...page.items.map(({ sku }) => sku))
            cursor = page.nextCursor
          }
          expect(paged).toEqual(whole.items.map(({ sku }) => sku))
        }
      }
    })

    test('a cursor that is garbage or comes from another query is refused', async () => {
      const { nextCursor } = await find('', { limit: 1 })
      const garbage = ['', 'x', '!!', 'e30', Buffer.from('["a",1]').toString('base64url')]
      for (const cursor of garbage) await expect(find('', { cursor })).rejects.toThrow(InvalidCursor)
      expect(nextCursor).not.toBeNull()
      await expect(find('lantern', { cursor: nextCursor ?? '' })).rejects.toThrow(InvalidCursor)
      await expect(find('', { cursor: nextCursor ?? '', tenant: 'elsewhere' })).rejects.toThrow(InvalidCursor)
    })

    test('a removed product is neither found, counted nor suggested, and an older write does not bring it back', async () => {
      const own = 'removing'
      await search.write([
        product(own, 1, lantern),
        product(own, 1, { ...lantern, sku: 'stays', name: 'PAPER LANTERN' }),
      ])
      await search.write([tombstone(own, 2, lantern.sku)])
      await search.write([product(own, 1, lantern)])
      await search.refresh()
      for (const q of ['', 'lantern', 'white', lantern.sku]) {
        expect(await skus(q, { tenant: own })).not.toContain(lantern.sku)
      }
      const { total, facets } = await find('lantern', { tenant: own })
      expect({ total, facets }).toEqual({ total: 1, facets: { category: [{ value: 'Lanterns', count: 1 }] } })
      expect(await search.suggest(own, 'lan', 10)).toEqual(['PAPER LANTERN'])
    })

    test('no tenant sees the products of another', async () => {
      expect(await skus('elsewhere')).toEqual([])
      expect(await search.suggest(tenant, 'elsewhere', 10)).toEqual([])
      expect((await find('', { tenant: 'elsewhere' })).total).toBe(catalogue.length)
      expect(await find('', { tenant: 'nobody' })).toMatchObject({ items: [], total: 0, facets: { category: [] } })
      expect(await search.suggest('nobody', 'lan', 10)).toEqual([])
    })

    test('suggestions complete the last word: distinct names, those that begin with the text first', async () => {
      const own = 'suggesting'
      const names = [
        'RED LANTERN',
        'LANTERN SMALL',
        'LANTERN LARGE',
        'RED LANTERN',
        'LAND OF TOYS',
        'RED BELL',
        'PLANT',
      ]
      await search.write(names.map((each, index) => product(own, 1, document(String(index), each, 'Lane'))))
      await search.refresh()
      expect(await search.suggest(own, 'lan', 10)).toEqual([
        'LAND OF TOYS',
        'LANTERN LARGE',
        'LANTERN SMALL',
        'RED LANTERN',
      ])
      expect(await search.suggest(own, 'lan', 2)).toEqual(['LAND OF TOYS', 'LANTERN LARGE'])
      expect(await search.suggest(own, 'red l', 10)).toEqual(['RED LANTERN'])
      expect(await search.suggest(own, 'Lanterns sm', 10)).toEqual(['LANTERN SMALL'])
      expect(await search.suggest(own, '', 10)).toEqual([])
      expect(await search.suggest(own, ' - ', 10)).toEqual([])
    })

    test.each([
      '"',
      "'",
      '\\',
      '*',
      '-',
      '?',
      '~',
      '^',
      '/',
      '(',
      '[* TO *]',
      'name:*',
      'a AND',
      'OR NOT',
      '"unclosed phrase',
      "'; DROP TABLE product_search; --",
      "' OR 1=1 --",
      '%',
      '_',
      '\0',
      '\ud800',
      'a\udc00b',
      '🕯️',
      '🏴‍☠️ 👩‍👩‍👧',
      '⑴ ½ ﷺ',
      '{"match_all":{}}',
      '<->',
      'a:*b',
      'lantern & !red',
      '\u202eright to left',
      'x'.repeat(1000),
      'lantern '.repeat(125),
      'a-'.repeat(500),
      '漢'.repeat(1000),
      'abcd efgh '.repeat(100),
      '🏮'.repeat(500),
      'é'.repeat(1000),
      '\u0301'.repeat(1000),
    ])('odd input is no error: %j', async (q) => {
      const page = await find(q)
      expect(page.total).toBe(page.items.length)
      expect(await search.suggest(tenant, q, 10)).toBeInstanceOf(Array)
      expect((await find('', { category: q })).total).toBe(0)
    })

    test('no text is an error', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (q) => {
          await find(q)
          await search.suggest(tenant, q, 5)
        }),
        { numRuns: 50 },
      )
    })

    test('a document that can never be written is named, and the others are written', async () => {
      const own = 'failing'
      const good = [product(own, 1, document('good-1', 'GOOD')), product(own, 1, document('good-2', 'GOOD'))]
      const bad = product(own, 1, { ...document('bad', 'BAD'), price: 'a lot' })
      const [failure, ...others] = await search.write([...good.slice(0, 1), bad, ...good.slice(1)])
      expect(others).toEqual([])
      expect(failure).toMatchObject({ tenant: own, sku: 'bad', retryable: false })
      expect(failure?.reason).toContain('a lot')
      expect(new Set(await search.read([...good, bad]))).toEqual(new Set(good))
    })
  })
}
