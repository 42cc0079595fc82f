import Big from 'big.js'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Row } from '../../projections/change.ts'
import { CustomerReport } from '../../read-api/reports/customer-report.ts'
import { asking, bodyAs, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { pagesOf } from './pages.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE customer_days'))

const ask = (query: { readonly [name: string]: string }, tenant = 'acme') =>
  asking(views.reads)('getCustomerReport', { tenant, query })

const dayRow = (row: Row): Row => ({
  tenant: 'acme',
  currency: 'GBP',
  customer_id: '17850',
  day: '2011-01-04',
  orders: 1,
  net: '10',
  ...row,
})

describe('a report on customers', () => {
  test('tells the last day with an order, how long ago that is, how many orders, and the exact net', async () => {
    await views.insert('customer_days', [
      dayRow({ day: '2011-01-04', orders: 2, net: '25.5000' }),
      dayRow({ day: '2011-02-01', orders: 1, net: '0.001' }),
      dayRow({ day: '2011-02-20', orders: 0, net: '-3' }),
      dayRow({ day: '2011-02-25', orders: 0, net: '0' }),
      dayRow({ customer_id: 'credited', orders: 0, net: '-9' }),
      dayRow({ customer_id: 'cancelled', orders: 0, net: '0' }),
      dayRow({ customer_id: 'theirs', tenant: 'umbrella' }),
    ])
    expect(bodyOf(await ask({ asOf: '2011-03-01' }))).toEqual({
      asOf: '2011-03-01',
      rows: [
        {
          customerId: '17850',
          lastOrder: '2011-02-01',
          daysSince: 28,
          orders: 3,
          net: { amount: '22.501', currency: 'GBP' },
          scores: { recency: 1, frequency: 1, monetary: 1 },
        },
      ],
      nextCursor: null,
    })
  })

  test('as of a day knows nothing of the days behind it', async () => {
    await views.insert('customer_days', [
      dayRow({ day: '2011-01-04' }),
      dayRow({ day: '2011-01-05' }),
      dayRow({ day: '2011-01-05', customer_id: 'later' }),
    ])
    expect(bodyOf(await ask({ asOf: '2011-01-04' }))).toMatchObject({ rows: [{ orders: 1, daysSince: 0 }] })
    expect(bodyOf(await ask({ asOf: '2011-01-03' }))).toMatchObject({ rows: [] })
  })

  test('without a day is as of today in UTC, on all of its pages', async () => {
    const today = () => new Date().toISOString().slice(0, 10)
    const days = [today()]
    await views.insert('customer_days', [dayRow({}), dayRow({ customer_id: '2' })])
    const first = await ask({ limit: '1' })
    days.push(today())
    const { asOf } = bodyAs(CustomerReport, first)
    expect(days).toContain(asOf)
    const second = await ask({ limit: '1', cursor: nextCursorOf(first) })
    expect(bodyOf(second)).toMatchObject({ asOf, nextCursor: null })
  })

  test('that began before midnight goes on as of the day it began', async () => {
    await views.insert('customer_days', [dayRow({}), dayRow({ customer_id: '2' })])
    const [seal, [, place]] = JSON.parse(Buffer.from(nextCursorOf(await ask({ limit: '1' })), 'base64url').toString())
    const cursor = Buffer.from(JSON.stringify([seal, ['2011-03-01', place]])).toString('base64url')
    expect(bodyOf(await ask({ limit: '1', cursor }))).toMatchObject({
      asOf: '2011-03-01',
      rows: [{ customerId: '2', daysSince: 56 }],
    })
  })

  test('is of one currency, which must be named when there are several', async () => {
    await views.insert('customer_days', [
      dayRow({}),
      dayRow({ currency: 'EUR', net: '5' }),
      dayRow({ currency: 'USD', orders: 0 }),
    ])
    expect(problemOf(await ask({}))).toMatchObject({
      code: 'currency_required',
      detail: 'There are sales in EUR, GBP.',
    })
    const net = { amount: '5', currency: 'EUR' }
    expect(bodyOf(await ask({ currency: 'EUR' }))).toMatchObject({ rows: [{ orders: 1, net }] })
    expect(bodyOf(await ask({}, 'nobody'))).toMatchObject({ rows: [], nextCursor: null })
  })

  test.each([
    [{ asOf: '2011-02-30' }, '/query/asOf'],
    [{ sort: 'recency' }, '/query/sort'],
    [{ limit: '0' }, '/query/limit'],
    [{ currency: 'pounds' }, '/query/currency'],
  ])('%j is refused at %s', async (query, pointer) => {
    expect(problemOf(await ask(query))).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] })
  })

  test('does not take a cursor of another day, order or currency', async () => {
    await views.insert('customer_days', [dayRow({}), dayRow({ customer_id: '2' })])
    const asked = { limit: '1', asOf: '2011-03-01' }
    const cursor = nextCursorOf(await ask(asked))
    for (const other of [{ asOf: '2011-03-02' }, { sort: 'net' }, { currency: 'GBP' }]) {
      expect(problemOf(await ask({ ...asked, cursor, ...other }))).toMatchObject({ code: 'invalid_cursor' })
    }
  })
})

type Customer = {
  readonly customerId: string
  readonly lastOrder: string
  readonly daysSince: number
  readonly orders: number
  readonly net: string
}
const AS_OF = '2011-03-01'
const DAY_MS = 86_400_000

const customerDays = fc.uniqueArray(
  fc.record({
    customer_id: fc.constantFrom('1', '2', '10', 'B', 'a', '17850', '13047'),
    day: fc.constantFrom('2010-12-31', '2011-01-01', '2011-02-28', AS_OF, '2011-03-02'),
    orders: fc.integer({ min: 0, max: 3 }),
    net: fc.constantFrom('-1', '0', '0.001', '1', '10'),
  }),
  { selector: ({ customer_id, day }) => `${customer_id} ${day}`, maxLength: 30 },
)

const naiveCustomers = (
  days: ReadonlyArray<{ customer_id: string; day: string; orders: number; net: string }>,
): ReadonlyArray<Customer> =>
  [...Map.groupBy(days, ({ customer_id }) => customer_id)].flatMap(([customerId, all]) => {
    const known = all.filter(({ day }) => day <= AS_OF)
    const lastOrder = known
      .flatMap(({ day, orders }) => (orders > 0 ? [day] : []))
      .toSorted()
      .at(-1)
    if (lastOrder === undefined) return []
    return [
      {
        customerId,
        lastOrder,
        daysSince: (Date.parse(AS_OF) - Date.parse(lastOrder)) / DAY_MS,
        orders: known.reduce((sum, { orders }) => sum + orders, 0),
        net: known.reduce((sum, { net }) => sum.plus(net), new Big(0)).toFixed(),
      },
    ]
  })

/** One more than the whole fifths that the customers strictly worse make. */
const scoreOf = <A>(all: ReadonlyArray<A>, isWorse: (other: A) => boolean): number =>
  Math.floor((5 * all.filter(isWorse).length) / all.length) + 1

const orders: { readonly [sort: string]: (a: Customer, b: Customer) => number } = {
  customerId: () => 0,
  daysSince: (a, b) => a.daysSince - b.daysSince,
  orders: (a, b) => a.orders - b.orders,
  net: (a, b) => new Big(a.net).cmp(b.net),
}
const byId = (a: Customer, b: Customer): number => Buffer.compare(Buffer.from(a.customerId), Buffer.from(b.customerId))

test('paged in any order, a report gives the rows of a naive one', async () => {
  await fc.assert(
    fc.asyncProperty(
      customerDays,
      fc.constantFrom(...Object.entries(orders)),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      async (days, [by, order], descending, limit) => {
        await views.owner.query('TRUNCATE customer_days')
        await views.insert('customer_days', days.map(dayRow))
        const query = { currency: 'GBP', asOf: AS_OF, sort: `${descending ? '-' : ''}${by}`, limit: String(limit) }
        const pages = await pagesOf(asking(views.reads), 'getCustomerReport', CustomerReport, { query })
        const all = naiveCustomers(days)
        const expected = all
          .toSorted((a, b) => {
            const compared = by === 'customerId' ? byId(a, b) : order(a, b)
            return (descending ? -compared : compared) || byId(a, b)
          })
          .map((customer) => ({
            ...customer,
            net: { amount: customer.net, currency: 'GBP' },
            scores: {
              recency: scoreOf(all, (other) => other.lastOrder < customer.lastOrder),
              frequency: scoreOf(all, (other) => other.orders < customer.orders),
              monetary: scoreOf(all, (other) => new Big(other.net).lt(customer.net)),
            },
          }))
        expect(pages.flatMap(({ rows }) => rows)).toEqual(expected)
        expect(pages.slice(0, -1).every(({ rows }) => rows.length === limit)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
