import { join } from 'node:path'
import Big from 'big.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRows } from '../../../../infra/cli/import/rows.ts'
import { type Cells, csvFile, fileOf, HEADER, rowsOf } from './csv.ts'
import { directApi, importThrough } from './importing.ts'
import { totalsOfEvents, totalsOfRows } from './totals.ts'

const SAMPLE = join(import.meta.dirname, '../../../data/online-retail-sample.csv')

const decimal = fc.integer({ min: 0, max: 9_999_999 }).map((thousandths) => (thousandths / 1_000).toFixed(3))
const positive = fc.integer({ min: 1, max: 500 })

const lossOrSale = fc.oneof(
  { weight: 4, arbitrary: positive },
  positive.map((n) => -n),
)

const NUMBERS = {
  sale: { prefix: '', quantity: lossOrSale, price: decimal },
  credit: { prefix: 'C', quantity: positive.map((n) => -n), price: decimal },
  adjustment: {
    prefix: 'A',
    quantity: fc.integer({ min: -3, max: 3 }),
    price: fc.oneof(
      decimal,
      decimal.map((price) => `-${price}`),
    ),
  },
} as const

/** Customers by number, so that the rows of an invoice agree. */
const CUSTOMERS = ['', '17850', '12583']

const row: fc.Arbitrary<Cells> = fc
  .record({ kind: fc.constantFrom('sale', 'sale', 'credit', 'adjustment'), number: fc.integer({ min: 1, max: 5 }) })
  .chain(({ kind, number }) =>
    fc.record({
      InvoiceNo: fc.constant(`${NUMBERS[kind].prefix}${number}`),
      StockCode: fc.constantFrom('85014B', '85014b', 'DCGS 0003', 'POST'),
      Description: fc.constantFrom('', ' LANTERN', 'a "quoted", one', 'två\nrader'),
      Quantity: NUMBERS[kind].quantity.map(String),
      InvoiceDate: fc.integer({ min: 10, max: 59 }).map((minute) => `2010-12-01 08:${minute}`),
      UnitPrice: NUMBERS[kind].price,
      CustomerID: fc.constant(CUSTOMERS[number % CUSTOMERS.length] ?? ''),
      Country: fc.constant('France'),
    }),
  )

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const
const lineOf = (cells: Cells): string => columns.map((column) => quoted(cells[column] ?? '')).join(',')

test('what the API holds afterwards is what the rows say, however the rows of invoices are interleaved', async () => {
  const rows = fc.array(row, { minLength: 1, maxLength: 60 })
  const file = fc.record({ rows, end: fc.constantFrom('\n', '\r\n'), concurrency: fc.constantFrom(1, 3, 16) })
  await fc.assert(
    fc.asyncProperty(file, async ({ rows, end, concurrency }) => {
      const { transport, events } = directApi()
      const path = fileOf([HEADER, ...rows.map(lineOf)].join(end))
      const { report, failure } = await importThrough(transport, () => readRows(path), { concurrency })
      expect(failure).toBeNull()
      expect(report.rejections).toEqual([])
      expect(report.rows).toEqual({ read: rows.length, malformed: 0 })
      expect(totalsOfEvents(events())).toEqual(totalsOfRows(rows))
    }),
    { numRuns: 150 },
  )
})

test('an invoice with a malformed row or one that cannot be expressed is left out whole, and only that', async () => {
  const flaw = fc.constantFrom<Cells>(
    { Quantity: '6.5' },
    { InvoiceDate: '1.12.2010' },
    { UnitPrice: '' },
    { StockCode: 'a/b' },
  )
  const flawed = fc.tuple(row, flaw).map(([cells, flaw]) => ({ cells: { ...cells, ...flaw }, isFlawed: true }))
  const sound = row.map((cells) => ({ cells, isFlawed: false }))
  const rows = fc.array(fc.oneof({ weight: 10, arbitrary: sound }, flawed), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(rows, async (rows) => {
      const bad = new Set(
        rows.flatMap(({ cells, isFlawed }) =>
          isFlawed && !(cells.StockCode === 'a/b' && cells.InvoiceNo?.startsWith('A')) ? [cells.InvoiceNo] : [],
        ),
      )
      const good = rows.filter(({ cells }) => !bad.has(cells.InvoiceNo)).map(({ cells }) => cells)
      const { transport, events } = directApi()
      const { report } = await importThrough(transport, rowsOf(...rows.map(({ cells }) => lineOf(cells))))
      expect(totalsOfEvents(events())).toEqual(totalsOfRows(good))
      const rejected = report.rejections.map(({ id }) => id)
      expect(new Set([...report.malformed.map(({ invoice }) => invoice), ...rejected])).toEqual(bad)
    }),
    { numRuns: 100 },
  )
})

test('three real days come out to the penny, and a second import changes nothing', async () => {
  const { transport, events } = directApi()
  const { report } = await importThrough(transport, () => readRows(SAMPLE))
  expect(report).toMatchObject({
    complete: true,
    rows: { read: 7_419, malformed: 0 },
    orders: { sent: 352, alreadyThere: 0, rejected: 0 },
    creditNotes: { sent: 36, alreadyThere: 0, rejected: 0 },
    stockAdjustments: { sent: 30, alreadyThere: 0, rejected: 0 },
    products: { sent: 1_866, alreadyThere: 0, rejected: 0 },
    rejections: [],
  })
  const sums = (of: string) =>
    Object.entries(totalsOfEvents(events()))
      .filter(([name]) => name.startsWith(of))
      .reduce((sum, [, amount]) => sum.plus(amount), new Big(0))
      .toFixed()
  expect(sums('gross')).toBe('153652.88')
  expect(sums('credits')).toBe('-3189.58')
  const before = events().length
  const again = await importThrough(transport, () => readRows(SAMPLE))
  expect(events().length).toBe(before)
  expect(again.report).toMatchObject({
    orders: { sent: 0, alreadyThere: 352, rejected: 0 },
    products: { sent: 0, alreadyThere: 1_866, rejected: 0 },
    stockAdjustments: { sent: 0, alreadyThere: 30, rejected: 0 },
  })
}, 60_000)

test('another file that tells a product differently finds its SKU there, and its invoices come in', async () => {
  const { transport } = directApi()
  await importThrough(transport, rowsOf('1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,,France'))
  const { report } = await importThrough(transport, rowsOf('2,71053,LAMP,6,2010-12-01 08:26:00,4.25,,France'))
  expect(report).toMatchObject({ products: { alreadyThere: 1 }, orders: { sent: 1 }, rejections: [] })
})

test('what the API refuses is reported with its code and its place, and the rest comes in', async () => {
  const { transport } = directApi()
  const { report, failure } = await importThrough(
    transport,
    rowsOf(
      '1,71053,LANTERN,6,2010-12-01 08:26:00,-3.39,,France',
      ...Array.from({ length: 5_001 }, () => '2,71053,LANTERN,6,2010-12-01 08:26:00,3.39,,France'),
      '3,71053,LANTERN,6,2010-12-01 08:26:00,3.39,,France',
    ),
  )
  expect(failure).toBeNull()
  expect(report.orders).toEqual({ sent: 1, alreadyThere: 0, rejected: 2 })
  expect(report.rejections).toMatchObject([
    { kind: 'order', id: '1', code: 'invalid_body', message: expect.stringMatching(/^\/lines\/0\/unitPrice\/amount /) },
    { kind: 'order', id: '2', code: 'invalid_body', message: expect.stringMatching(/^\/lines /) },
  ])
})

test('an invoice number that another invoice of an earlier file had is rejected, not merged', async () => {
  const { transport, events } = directApi()
  await importThrough(transport, rowsOf('1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,,France'))
  const { report } = await importThrough(transport, rowsOf('1,71053,LANTERN,7,2010-12-01 08:26:00,3.39,,France'))
  expect(report.rejections).toMatchObject([{ kind: 'order', id: '1', code: 'idempotency_key_reused' }])
  expect(totalsOfEvents(events())).toMatchObject({ 'gross ': '20.34' })
})

test('a file that shrinks between its two readings is not taken for whole', async () => {
  const { transport } = directApi()
  const line = '1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,,France'
  let readings = 0
  const { failure } = await importThrough(transport, () => {
    readings += 1
    return readRows(readings < 3 ? csvFile(line, line) : csvFile(line))
  })
  expect(failure?.message).toMatch(/the file changed/)
})
