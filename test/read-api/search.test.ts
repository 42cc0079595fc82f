import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresProducts } from '../../infra/search/postgres.ts'
import { asking, bodyOf, nextCursorOf, noSearch, problemOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
  const product = (sku: string, name: string, category: string | null, tenant = 'acme') => ({
    tenant,
    sku,
    version: 4,
    document: { sku, name, category, price: '2.55', currency: 'GBP' },
  })
  await postgresProducts({ pool: views.owner }).write([
    product('85123A', 'WHITE HANGING HEART HOLDER', 'Lights'),
    product('22423', 'REGENCY CAKESTAND', null),
    product('84879', 'BIRD ORNAMENT', 'Lights'),
    product('99999', 'WHITE HEART OF OTHERS', 'Lights', 'umbrella'),
  ])
})
afterAll(() => views.stop())

const ask = (...args: Parameters<ReturnType<typeof asking>>) =>
  asking({ search: postgresProducts({ pool: views.owner }) })(...args)

describe('a product search', () => {
  test('answers hits with prices, their total and facets, of the tenant alone', async () => {
    expect(bodyOf(await ask('searchProducts', { query: { q: 'haert' } }))).toEqual({
      items: [
        {
          id: '85123A',
          sku: '85123A',
          name: 'WHITE HANGING HEART HOLDER',
          category: 'Lights',
          price: { amount: '2.55', currency: 'GBP' },
          version: 4,
        },
      ],
      total: 1,
      facets: { category: [{ value: 'Lights', count: 1 }] },
      nextCursor: null,
    })
  })

  test('without words is everything, and can be of a category', async () => {
    expect(bodyOf(await ask('searchProducts'))).toMatchObject({ total: 3 })
    expect(bodyOf(await ask('searchProducts', { query: { category: 'Lights' } }))).toMatchObject({
      items: [{ sku: '84879' }, { sku: '85123A' }],
      total: 2,
    })
  })

  test('is paged by cursor; one of another search is refused', async () => {
    const first = await ask('searchProducts', { query: { limit: '2' } })
    const cursor = nextCursorOf(first)
    expect(bodyOf(await ask('searchProducts', { query: { limit: '2', cursor } }))).toMatchObject({
      items: [{ sku: '85123A' }],
      nextCursor: null,
    })
    for (const query of [{ q: 'heart', cursor }, { cursor: 'garbage' }]) {
      expect(problemOf(await ask('searchProducts', { query }))).toMatchObject({ status: 400, code: 'invalid_cursor' })
    }
  })

  test('lets faults of the engine through, which are not the caller’s', async () => {
    const broken = { ...noSearch, search: () => Promise.reject(new Error('the engine is away')) }
    await expect(asking({ search: broken })('searchProducts')).rejects.toThrow('the engine is away')
  })
})

describe('suggestions', () => {
  test('complete the last word, of the tenant alone', async () => {
    expect(bodyOf(await ask('suggestProducts', { query: { q: 'white he' } }))).toEqual({
      items: ['WHITE HANGING HEART HOLDER'],
    })
  })

  test('need something to complete', async () => {
    expect(problemOf(await ask('suggestProducts'))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/q', message: 'is required' }],
    })
  })
})
