import Big from 'big.js'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ratio } from '../../read-api/ratio.ts'
import { BoughtTogether } from '../../read-api/reports/bought-together.ts'
import { asking, bodyAs, bodyOf, problemOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE baskets'))

const ask = (query: { readonly [name: string]: string }) => asking(views.reads)('getBoughtTogether', { query })

const fill = (baskets: ReadonlyArray<ReadonlyArray<string>>, tenant = 'acme') =>
  views.insert(
    'baskets',
    baskets.flatMap((skus, order) => skus.map((sku) => ({ tenant, order_id: String(order), sku }))),
  )

describe('what is bought together', () => {
  test('is told with support, confidence and lift', async () => {
    await fill([['tea', 'cup'], ['tea', 'cup', 'pot'], ['tea'], ['cup'], ['pot'], ['jam'], ['jam']])
    await fill([['tea', 'jam']], 'umbrella')
    expect(bodyOf(await ask({ sku: 'tea' }))).toEqual({
      sku: 'tea',
      baskets: 7,
      withSku: 3,
      items: [
        // Confidence 2/3; P(cup) = 3/7.
        { sku: 'cup', together: 2, withOther: 3, support: '0.285714', confidence: '0.666667', lift: '1.555556' },
        // Confidence 1/3; P(pot) = 2/7.
        { sku: 'pot', together: 1, withOther: 2, support: '0.142857', confidence: '0.333333', lift: '1.166667' },
      ],
    })
  })

  test('leaves out pairs below the least support, but not one that has exactly it', async () => {
    await fill([['a', 'b'], ['a', 'b', 'c'], ['a'], ['d'], ['e']])
    const skusOf = async (minSupport: string) =>
      bodyAs(BoughtTogether, await ask({ sku: 'a', minSupport })).items.map(({ sku }) => sku)
    expect(await skusOf('0.2')).toEqual(['b', 'c'])
    expect(await skusOf('0.200000000000000001')).toEqual(['b'])
    expect(await skusOf('0.4')).toEqual(['b'])
    expect(await skusOf('1.0')).toEqual([])
  })

  test('with a SKU that nobody ordered is nothing', async () => {
    expect(bodyOf(await ask({ sku: 'a' }))).toEqual({ sku: 'a', baskets: 0, withSku: 0, items: [] })
    await fill([['b', 'c']])
    expect(bodyOf(await ask({ sku: 'a' }))).toEqual({ sku: 'a', baskets: 1, withSku: 0, items: [] })
  })

  test.each([
    [{}, '/query/sku'],
    [{ sku: 'a/b' }, '/query/sku'],
    [{ sku: 'a', minSupport: '1.1' }, '/query/minSupport'],
    [{ sku: 'a', minSupport: '-0' }, '/query/minSupport'],
    [{ sku: 'a', limit: '0' }, '/query/limit'],
  ])('%j is refused at %s', async (query, pointer) => {
    expect(problemOf(await ask(query))).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] })
  })
})

const SKUS = ['a', 'B', 'c', 'D', 'e']
const byteOrder = (one: string, other: string): number => (one < other ? -1 : 1)

test('the pairs are those of a naive count over all baskets', async () => {
  const baskets = fc.array(fc.subarray(SKUS, { minLength: 1 }), { maxLength: 15 })
  await fc.assert(
    fc.asyncProperty(baskets, fc.integer({ min: 1, max: 4 }), async (all, limit) => {
      await views.owner.query('TRUNCATE baskets')
      await fill(all)
      const holding = (...skus: ReadonlyArray<string>): number =>
        all.filter((basket) => skus.every((sku) => basket.includes(sku))).length
      const expected = SKUS.filter((other) => other !== 'a' && holding('a', other) > 0)
        .toSorted((one, other) => holding('a', other) - holding('a', one) || byteOrder(one, other))
        .slice(0, limit)
        .map((other) => {
          const [together, withSku, withOther] = [holding('a', other), holding('a'), holding(other)]
          return {
            sku: other,
            together,
            withOther,
            support: ratio(together, all.length),
            confidence: ratio(together, withSku),
            lift: ratio(new Big(together).times(all.length), new Big(withSku).times(withOther)),
          }
        })
      const found = bodyAs(BoughtTogether, await ask({ sku: 'a', limit: String(limit) }))
      expect(found).toEqual({ sku: 'a', baskets: all.length, withSku: holding('a'), items: expected })
    }),
    { numRuns: 60 },
  )
})
