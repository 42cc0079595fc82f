import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ratio } from '../../read-api/ratio.ts'
import { CohortReport } from '../../read-api/reports/cohorts.ts'
import { asking, bodyOf } from './asking.ts'
import { pagesOf } from './pages.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE customer_months'))

const monthRow = (customer_id: string, month: string, orders = 1, tenant = 'acme') => ({
  tenant,
  customer_id,
  month: `${month}-01`,
  orders,
})

test('a cohort is the customers of one first month; later months tell how many came back', async () => {
  await views.insert('customer_months', [
    ...['a', 'b', 'c'].map((customer) => monthRow(customer, '2010-12', 2)),
    monthRow('a', '2011-02'),
    monthRow('b', '2011-02'),
    monthRow('a', '2011-12'),
    // All orders of its first month were cancelled.
    monthRow('d', '2010-12', 0),
    monthRow('d', '2011-01'),
    monthRow('e', '2010-12', 1, 'umbrella'),
    monthRow('a', '2009-01', 1, 'umbrella'),
  ])
  expect(bodyOf(await asking(views.reads)('getCohorts'))).toEqual({
    rows: [
      {
        cohort: '2010-12',
        size: 3,
        active: [
          { offset: 0, customers: 3, retention: '1' },
          { offset: 2, customers: 2, retention: '0.666667' },
          { offset: 12, customers: 1, retention: '0.333333' },
        ],
      },
      { cohort: '2011-01', size: 1, active: [{ offset: 0, customers: 1, retention: '1' }] },
    ],
    nextCursor: null,
  })
})

test('a tenant without orders has no cohorts', async () => {
  expect(bodyOf(await asking(views.reads)('getCohorts'))).toEqual({ rows: [], nextCursor: null })
})

const MONTHS = ['2010-11', '2010-12', '2011-01', '2011-02', '2012-01']
const numberOf = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5))

const naiveCohorts = (orderedIn: ReadonlyArray<ReadonlyArray<string>>) => {
  const cohorts = Map.groupBy(orderedIn, (months) => months.toSorted()[0] ?? '')
  return [...cohorts]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([cohort, customers]) => ({
      cohort,
      size: customers.length,
      active: MONTHS.flatMap((month) => {
        const active = customers.filter((months) => months.includes(month)).length
        const offset = numberOf(month) - numberOf(cohort)
        return active === 0 ? [] : [{ offset, customers: active, retention: ratio(active, customers.length) }]
      }),
    }))
}

test('paged, the cohorts are those of a naive count', async () => {
  const months = fc.subarray(MONTHS, { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(fc.array(months, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), async (orderedIn, limit) => {
      await views.owner.query('TRUNCATE customer_months')
      const rows = orderedIn.flatMap((months, customer) => months.map((month) => monthRow(String(customer), month)))
      await views.insert('customer_months', rows)
      const query = { limit: String(limit) }
      const pages = await pagesOf(asking(views.reads), 'getCohorts', CohortReport, { query })
      expect(pages.flatMap((page) => page.rows)).toEqual(naiveCohorts(orderedIn))
      expect(pages.every((page) => page.rows.length <= limit)).toBe(true)
    }),
    { numRuns: 60 },
  )
})
