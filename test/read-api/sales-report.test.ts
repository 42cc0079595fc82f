import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SalesReport } from '../../read-api/sales/sales-report.ts'
import { asking, bodyAs, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { salesRow, startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())
beforeEach(() => views.owner.query('TRUNCATE sales'))

const ask = (query: { readonly [name: string]: string }, tenant = 'acme') =>
  asking(views.reads)('getSalesReport', { tenant, query })

const gbp = (amount: string) => ({ amount, currency: 'GBP' })
const keysOf = async (query: { readonly [name: string]: string }) =>
  bodyAs(SalesReport, await ask(query)).rows.map(({ key }) => key)

describe('a sales report', () => {
  test('sums days into rows of exact figures, with the total of all', async () => {
    const product = { dimension: 'product' }
    await views.insert('sales', [
      salesRow({ ...product, key: '85123A', day: '2011-01-04', invoices: 2, units: 10, gross: '25.5000' }),
      salesRow({ ...product, key: '85123A', day: '2011-01-05', units: 1, gross: '0.001' }),
      salesRow({
        ...product,
        key: '85123A',
        day: '2011-01-06',
        invoices: 0,
        credit_notes: 1,
        units: -3,
        gross: '0',
        credits: '-7.65',
      }),
      salesRow({
        ...product,
        key: '',
        day: '2011-01-06',
        invoices: 0,
        units: 0,
        bookings: 1,
        gross: '0',
        adjustments: '-20',
      }),
      salesRow({
        day: '2011-01-04',
        invoices: 1,
        credit_notes: 1,
        bookings: 1,
        units: 8,
        gross: '25.501',
        credits: '-7.65',
        adjustments: '-20',
      }),
    ])
    expect(bodyOf(await ask({ groupBy: 'product' }))).toEqual({
      rows: [
        {
          key: '85123A',
          invoices: 3,
          creditNotes: 1,
          units: 8,
          gross: gbp('25.501'),
          credits: gbp('-7.65'),
          adjustments: gbp('0'),
          net: gbp('17.851'),
        },
        {
          key: null,
          invoices: 0,
          creditNotes: 0,
          units: 0,
          gross: gbp('0'),
          credits: gbp('0'),
          adjustments: gbp('-20'),
          net: gbp('-20'),
        },
      ],
      total: {
        invoices: 1,
        creditNotes: 1,
        units: 8,
        gross: gbp('25.501'),
        credits: gbp('-7.65'),
        adjustments: gbp('-20'),
        net: gbp('-2.149'),
      },
      nextCursor: null,
    })
  })

  test.each([
    ['day', ['2010-12-31', '2011-01-01', '2011-01-03']],
    ['week', ['2010-W52', '2011-W01']],
    ['month', ['2010-12', '2011-01']],
  ])('by %s spells its keys %s', async (groupBy, keys) => {
    await views.insert(
      'sales',
      ['2011-01-03', '2011-01-01', '2010-12-31'].map((day) => salesRow({ day })),
    )
    expect(await keysOf({ groupBy })).toEqual(keys)
  })

  test('has no row for documents that were all cancelled', async () => {
    const nothing = { invoices: 0, units: 0, gross: '0.00' }
    await views.insert('sales', [
      salesRow({ day: '2011-01-04', ...nothing }),
      salesRow({ day: '2011-01-05' }),
      salesRow({ day: '2011-01-06', currency: 'EUR', ...nothing }),
    ])
    expect(await keysOf({ groupBy: 'day' })).toEqual(['2011-01-05'])
  })

  test('keeps rows whose documents add up to zero', async () => {
    await views.insert('sales', [salesRow({ invoices: 0, bookings: 2, units: 0, gross: '0' })])
    expect(await keysOf({ groupBy: 'day' })).toEqual(['2011-01-04'])
  })

  test('is of business days, both ends included', async () => {
    await views.insert(
      'sales',
      ['2011-01-03', '2011-01-04', '2011-01-05'].map((day) => salesRow({ day })),
    )
    expect(await keysOf({ groupBy: 'day', from: '2011-01-04' })).toEqual(['2011-01-04', '2011-01-05'])
    expect(await keysOf({ groupBy: 'day', to: '2011-01-05T00:30:00+01:00' })).toEqual(['2011-01-03', '2011-01-04'])
    const one = { groupBy: 'month', from: '2011-01-04', to: '2011-01-04' }
    expect(bodyOf(await ask(one))).toMatchObject({ rows: [{ invoices: 1 }], total: { invoices: 1 } })
  })

  test('shows nothing of another tenant', async () => {
    await views.insert('sales', [salesRow({}), salesRow({ tenant: 'umbrella', currency: 'USD', gross: '99' })])
    expect(bodyOf(await ask({ groupBy: 'day' }))).toMatchObject({
      rows: [{ gross: gbp('1') }],
      total: { gross: gbp('1') },
    })
  })

  test('counts units as far as a number is exact', async () => {
    await views.insert('sales', [salesRow({ units: String(Number.MAX_SAFE_INTEGER) })])
    expect(bodyOf(await ask({ groupBy: 'day' }))).toMatchObject({ total: { units: Number.MAX_SAFE_INTEGER } })
  })
})

describe('the currency of a report', () => {
  test('must be named when there are several, and then only its sales count', async () => {
    await views.insert('sales', [salesRow({}), salesRow({ currency: 'EUR', gross: '5' })])
    expect(problemOf(await ask({ groupBy: 'day' }))).toMatchObject({
      status: 400,
      code: 'currency_required',
      detail: 'There are sales in EUR, GBP.',
      errors: [{ pointer: '/query/currency' }],
    })
    const eur5 = { amount: '5', currency: 'EUR' }
    expect(bodyOf(await ask({ groupBy: 'day', currency: 'EUR' }))).toMatchObject({
      rows: [{ gross: eur5 }],
      total: { gross: eur5 },
    })
  })

  test('of a tenant without sales is the one asked for, else the code of none', async () => {
    const zero = { amount: '0', currency: 'XXX' }
    expect(bodyOf(await ask({ groupBy: 'day' }))).toEqual({
      rows: [],
      total: { invoices: 0, creditNotes: 0, units: 0, gross: zero, credits: zero, adjustments: zero, net: zero },
      nextCursor: null,
    })
    expect(bodyOf(await ask({ groupBy: 'day', currency: 'USD' }))).toMatchObject({
      total: { net: { currency: 'USD' } },
    })
  })
})

describe('the query of a report', () => {
  test.each([
    [{}, '/query/groupBy'],
    [{ groupBy: 'year' }, '/query/groupBy'],
    [{ groupBy: 'day', limit: '1001' }, '/query/limit'],
    [{ groupBy: 'day', sort: '--net' }, '/query/sort'],
    [{ groupBy: 'day', sort: 'constructor' }, '/query/sort'],
    [{ groupBy: 'day', currency: 'pounds' }, '/query/currency'],
    [{ groupBy: 'day', from: '2011-02-30' }, '/query/from'],
    [{ groupBy: 'day', from: '2011-01-02', to: '2011-01-01' }, '/query/to'],
  ])('%j is refused at %s', async (query, pointer) => {
    expect(problemOf(await ask(query))).toMatchObject({
      status: 400,
      code: 'invalid_parameters',
      errors: [{ pointer }],
    })
  })

  test('does not take a cursor of another order or period', async () => {
    await views.insert(
      'sales',
      ['2011-01-03', '2011-01-04'].map((day) => salesRow({ day })),
    )
    const nextCursor = nextCursorOf(await ask({ groupBy: 'day', limit: '1' }))
    for (const other of [{ sort: 'net' }, { sort: '-key' }, { from: '2011-01-03' }, { groupBy: 'month' }]) {
      expect(problemOf(await ask({ groupBy: 'day', limit: '1', cursor: nextCursor, ...other }))).toMatchObject({
        code: 'invalid_cursor',
      })
    }
    expect(bodyOf(await ask({ groupBy: 'day', limit: '5', cursor: nextCursor }))).toMatchObject({
      rows: [{ key: '2011-01-04' }],
    })
  })
})
