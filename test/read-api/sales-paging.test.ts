import Big from 'big.js'
import fc from 'fast-check'
import type * as t from 'io-ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Row } from '../../projections/change.ts'
import type { SalesRow } from '../../read-api/sales/sales-figures.ts'
import { SalesReport } from '../../read-api/sales/sales-report.ts'
import { asking, bodyAs } from './asking.ts'
import { startViews, type Views } from './views.ts'

type Report = t.TypeOf<typeof SalesReport>

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())

/** One document: what the sales view adds to its day and to its customer. */
type Document = {
  readonly day: string
  readonly customer: string
  readonly kind: 'invoice' | 'credit' | 'booking'
  readonly units: number
  readonly amount: string
}

const document: fc.Arbitrary<Document> = fc.record({
  day: fc.constantFrom('2010-12-31', '2011-01-01', '2011-01-02', '2011-01-03', '2011-02-01'),
  customer: fc.constantFrom('', '12346', '12347', 'B', 'a', 'ä', '𝄞', '￿'),
  kind: fc.constantFrom('invoice', 'credit', 'booking'),
  units: fc.integer({ min: 1, max: 3 }),
  amount: fc.constantFrom('0', '0.001', '1', '1.10', '2.2', '1000000'),
})

type Figures = {
  invoices: number
  creditNotes: number
  bookings: number
  units: number
  gross: Big
  credits: Big
  adjustments: Big
}

const none = (): Figures => ({
  invoices: 0,
  creditNotes: 0,
  bookings: 0,
  units: 0,
  gross: new Big(0),
  credits: new Big(0),
  adjustments: new Big(0),
})

const plus = (sum: Figures, { kind, units, amount }: Document): Figures => {
  switch (kind) {
    case 'invoice':
      return { ...sum, invoices: sum.invoices + 1, units: sum.units + units, gross: sum.gross.plus(amount) }
    case 'credit':
      return { ...sum, creditNotes: sum.creditNotes + 1, units: sum.units - units, credits: sum.credits.minus(amount) }
    case 'booking':
      return { ...sum, bookings: sum.bookings + 1, adjustments: sum.adjustments.minus(amount) }
  }
}

const grouped = (documents: ReadonlyArray<Document>, keyOf: (document: Document) => string): Map<string, Figures> => {
  const groups = new Map<string, Figures>()
  for (const each of documents) groups.set(keyOf(each), plus(groups.get(keyOf(each)) ?? none(), each))
  return groups
}

const viewRow = (dimension: string, day: string, key: string, sum: Figures): Row => ({
  tenant: 'acme',
  dimension,
  currency: 'GBP',
  day,
  key,
  invoices: sum.invoices,
  credit_notes: sum.creditNotes,
  bookings: sum.bookings,
  units: sum.units,
  gross: sum.gross.toFixed(),
  credits: sum.credits.toFixed(),
  adjustments: sum.adjustments.toFixed(),
})

const viewRows = (documents: ReadonlyArray<Document>): ReadonlyArray<Row> => [
  ...[...grouped(documents, ({ day }) => day)].map(([day, sum]) => viewRow('day', day, '', sum)),
  ...[...grouped(documents, ({ day, customer }) => `${day}/${customer}`)].map(([id, sum]) =>
    viewRow('customer', id.slice(0, 10), id.slice(11), sum),
  ),
]

const gbp = (amount: Big) => ({ amount: amount.toFixed(), currency: 'GBP' })

const answered = (key: string, { bookings: _, ...sum }: Figures): SalesRow => ({
  ...sum,
  key: key === '' ? null : key,
  gross: gbp(sum.gross),
  credits: gbp(sum.credits),
  adjustments: gbp(sum.adjustments),
  net: gbp(sum.gross.plus(sum.credits).plus(sum.adjustments)),
})

const keyOrder = (a: SalesRow, b: SalesRow): number =>
  Buffer.compare(Buffer.from(a.key ?? ''), Buffer.from(b.key ?? ''))

const figure = (row: SalesRow, name: Exclude<keyof SalesRow, 'key'>): Big => {
  const value = row[name]
  return new Big(typeof value === 'number' ? value : value.amount)
}

const sorted = (rows: ReadonlyArray<SalesRow>, by: keyof SalesRow, descending: boolean): ReadonlyArray<SalesRow> =>
  [...rows].sort((a, b) => {
    const order = by === 'key' ? keyOrder(a, b) : figure(a, by).cmp(figure(b, by))
    return (descending ? -order : order) || keyOrder(a, b)
  })

const reportOf = async (query: { readonly [name: string]: string }): Promise<Report> =>
  bodyAs(SalesReport, await asking(views.reads)('getSalesReport', { query }))

const sortBy = fc.constantFrom<keyof SalesRow>(
  'key',
  'net',
  'gross',
  'credits',
  'adjustments',
  'units',
  'invoices',
  'creditNotes',
)

const GROUPINGS: { readonly [groupBy: string]: (document: Document) => string } = {
  day: ({ day }) => day,
  month: ({ day }) => day.slice(0, 7),
  customer: ({ customer }) => customer,
}

test('a report paged in any order gives the rows of a naive one, and on every page the same total', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(document, { maxLength: 40 }),
      fc.constantFrom(...Object.entries(GROUPINGS)),
      sortBy,
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      async (documents, [groupBy, keyOf], by, descending, limit) => {
        await views.owner.query('TRUNCATE sales')
        await views.insert('sales', viewRows(documents))
        const query = { groupBy, currency: 'GBP', sort: `${descending ? '-' : ''}${by}`, limit: String(limit) }
        const { key: _, ...total } = answered('', documents.reduce(plus, none()))
        const rows: SalesRow[] = []
        let cursor: string | null = null
        do {
          const page: Report = await reportOf(cursor === null ? query : { ...query, cursor })
          expect(page.total).toEqual(total)
          expect(page.rows.length).toBeLessThanOrEqual(limit)
          rows.push(...page.rows)
          cursor = page.nextCursor
        } while (cursor !== null)
        const naive = [...grouped(documents, keyOf)].map(([key, sum]) => answered(key, sum))
        expect(rows).toEqual(sorted(naive, by, descending))
      },
    ),
    { numRuns: 60 },
  )
})
