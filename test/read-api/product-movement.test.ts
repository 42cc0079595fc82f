import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Row } from '../../projections/change.ts'
import { ProductMovement } from '../../read-api/reports/product-movement.ts'
import { asking, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { pagesOf } from './pages.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE product_days'))

const ask = (query: { readonly [name: string]: string } = {}, sku = 'A') =>
  asking(views.reads)('getProductMovement', { params: { sku }, query })

const NOTHING = { sold: 0, cancelled: 0, credited: 0, adjusted_in: 0, adjusted_out: 0 }
const dayRow = (day: string, moved: Row): Row => ({ tenant: 'acme', sku: 'A', ...NOTHING, day, ...moved })

describe('the movement of a product', () => {
  test('is told day by day, with the stock on hand after each', async () => {
    await views.insert('product_days', [
      dayRow('2011-01-04', { adjusted_in: '100', sold: '7' }),
      dayRow('2011-01-06', { adjusted_out: '130', adjusted_in: '10', cancelled: '7' }),
      dayRow('2011-01-09', { credited: '2' }),
      dayRow('2011-01-09', { sku: 'a', sold: '9' }),
      dayRow('2011-01-09', { tenant: 'umbrella', sold: '9' }),
    ])
    const none = { sold: 0, cancelled: 0, credited: 0, adjustedIn: 0, adjustedOut: 0 }
    expect(bodyOf(await ask())).toEqual({
      sku: 'A',
      rows: [
        { ...none, day: '2011-01-04', sold: 7, adjustedIn: 100, onHand: 100 },
        { ...none, day: '2011-01-06', cancelled: 7, adjustedIn: 10, adjustedOut: 130, onHand: -20 },
        { ...none, day: '2011-01-09', credited: 2, onHand: -20 },
      ],
      total: { sold: 7, cancelled: 7, credited: 2, adjustedIn: 110, adjustedOut: 130, onHand: -20 },
      nextCursor: null,
    })
  })

  test('of an unknown SKU is nothing', async () => {
    expect(bodyOf(await ask({}, 'unknown'))).toMatchObject({
      rows: [],
      total: { sold: 0, onHand: 0 },
      nextCursor: null,
    })
  })

  test.each([
    [{ from: 'yesterday' }, '/query/from'],
    [{ from: '2011-01-02', to: '2011-01-01' }, '/query/to'],
    [{ limit: '1001' }, '/query/limit'],
  ])('%j is refused at %s', async (query, pointer) => {
    expect(problemOf(await ask(query))).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] })
  })

  test('does not take a cursor of another SKU or period', async () => {
    await views.insert('product_days', [dayRow('2011-01-04', { sold: 1 }), dayRow('2011-01-05', { sold: 1 })])
    const cursor = nextCursorOf(await ask({ limit: '1' }))
    expect(problemOf(await ask({ limit: '1', cursor }, 'B'))).toMatchObject({ code: 'invalid_cursor' })
    expect(problemOf(await ask({ limit: '1', cursor, to: '2011-01-31' }))).toMatchObject({ code: 'invalid_cursor' })
  })
})

const DAYS = ['2010-12-31', '2011-01-01', '2011-01-02', '2011-02-01'] as const
const pieces = fc.integer({ min: 0, max: 9 })
const moves = fc.record({
  sold: pieces,
  cancelled: pieces,
  credited: pieces,
  adjusted_in: pieces,
  adjusted_out: pieces,
})

test('paged, a period holds its own days, and on hand what all days up to each add up to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(moves), { minLength: 4, maxLength: 4 }),
      fc.record({ from: fc.constantFrom(...DAYS), to: fc.constantFrom(...DAYS) }, { requiredKeys: [] }),
      fc.integer({ min: 1, max: 3 }),
      async (moved, { from = DAYS[0], to = DAYS[3] }, limit) => {
        fc.pre(from <= to)
        const days = DAYS.flatMap((day, index) => {
          const there = moved[index]
          return there ? [{ day, ...there }] : []
        })
        await views.owner.query('TRUNCATE product_days')
        await views.insert(
          'product_days',
          days.map(({ day, ...there }) => dayRow(day, there)),
        )
        const onHandAt = (end: string): number =>
          days.reduce(
            (sum, { day, adjusted_in, adjusted_out }) => sum + (day <= end ? adjusted_in - adjusted_out : 0),
            0,
          )
        const expected = days
          .filter(({ day }) => day >= from && day <= to)
          .map(({ adjusted_in: adjustedIn, adjusted_out: adjustedOut, ...rest }) => {
            return { ...rest, adjustedIn, adjustedOut, onHand: onHandAt(rest.day) }
          })
        const sum = (of: (day: (typeof expected)[number]) => number): number =>
          expected.reduce((total, day) => total + of(day), 0)
        const pages = await pagesOf(asking(views.reads), 'getProductMovement', ProductMovement, {
          params: { sku: 'A' },
          query: { from, to, limit: String(limit) },
        })
        expect(pages.flatMap(({ rows }) => rows)).toEqual(expected)
        for (const { total, rows } of pages) {
          expect(rows.length).toBeLessThanOrEqual(limit)
          expect(total).toEqual({
            sold: sum(({ sold }) => sold),
            cancelled: sum(({ cancelled }) => cancelled),
            credited: sum(({ credited }) => credited),
            adjustedIn: sum(({ adjustedIn }) => adjustedIn),
            adjustedOut: sum(({ adjustedOut }) => adjustedOut),
            onHand: onHandAt(to),
          })
        }
      },
    ),
    { numRuns: 40 },
  )
})
