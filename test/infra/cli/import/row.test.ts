import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { decodeRow, type Row } from '../../../../infra/cli/import/row.ts'
import { type Cells, sourceRow } from './csv.ts'

const context = { currency: 'GBP', slashOrder: 'unknown' } as const

const decoded = (cells: Cells): Partial<Row> => {
  const row = decodeRow(sourceRow(cells), context)
  if (E.isLeft(row)) throw new Error(row.left.join('; '))
  return row.right
}

const faults = (cells: Cells): ReadonlyArray<string> => {
  const row = decodeRow(sourceRow(cells), context)
  return E.isLeft(row) ? row.left : []
}

test('a customer id written as a decimal number is the whole number; an empty one is none', () => {
  expect(decoded({ CustomerID: '17850.0' }).customerId).toBe('17850')
  expect(decoded({ CustomerID: '17850' }).customerId).toBe('17850')
  expect(decoded({ CustomerID: 'ACME.0b' }).customerId).toBe('ACME.0b')
  expect(decoded({ CustomerID: '' }).customerId).toBeNull()
})

test('prices keep every digit', () => {
  expect(decoded({ UnitPrice: '0.001' }).unitPrice).toBe('0.001')
  expect(decoded({ UnitPrice: '2.550' }).unitPrice).toBe('2.55')
  expect(decoded({ UnitPrice: '1e-05' }).unitPrice).toBe('0.00001')
  expect(decoded({ UnitPrice: '-11062.06' }).unitPrice).toBe('-11062.06')
  expect(decoded({ UnitPrice: '0.0' }).unitPrice).toBe('0')
  expect(decoded({ UnitPrice: '9007199254740993.01' }).unitPrice).toBe('9007199254740993.01')
})

test('quantities are whole numbers, however a spreadsheet wrote them', () => {
  expect(decoded({ Quantity: '-10' }).quantity).toBe(-10)
  expect(decoded({ Quantity: '6.0' }).quantity).toBe(6)
})

test.each([
  ['2010-12-01 08:26:00', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01 08:26', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26:00Z', '2010-12-01T08:26:00.000Z'],
  ['2010-12-01T08:26:00.5+02:00', '2010-12-01T06:26:00.500Z'],
])('%s is a time', (text, at) => {
  expect(decoded({ InvoiceDate: text }).at).toBe(at)
})

test.each(['2010-02-30 08:26', '2010-12-01', '2010-12-01 25:00', 'yesterday', ''])('"%s" is no time', (text) => {
  expect(faults({ InvoiceDate: text })).toEqual([`InvoiceDate "${text}" is not a time like 2010-12-01 08:26:00`])
})

test('a row that names no currency has the one of the run', () => {
  expect(decoded({}).currency).toBe('GBP')
  expect(decoded({ Currency: 'EUR' }).currency).toBe('EUR')
})

test('every fault of a row is named', () => {
  const cells = { InvoiceNo: '', StockCode: '', Quantity: '6.5', UnitPrice: 'free', Currency: 'QQQ' }
  expect(faults(cells)).toEqual([
    'InvoiceNo is missing',
    'StockCode is missing',
    'Quantity "6.5" is not a whole number',
    'UnitPrice "free" is not a decimal number',
    'Currency "QQQ" is not an ISO 4217 code',
  ])
})

test.each(['1,000', '£5', '1e999999999', 'NaN', 'Infinity', '0x10', '--5', '+-5', ''])('"%s" is no price', (text) => {
  expect(faults({ UnitPrice: text })).toEqual([`UnitPrice "${text}" is not a decimal number`])
})
