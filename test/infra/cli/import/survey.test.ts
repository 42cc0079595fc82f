import { expect, test } from 'vitest'
import type { ReadRows } from '../../../../infra/cli/import/rows.ts'
import { surveyRows } from '../../../../infra/cli/import/survey.ts'
import { rowsOf } from './csv.ts'
import { NO_PROGRESS } from './importing.ts'

const survey = (read: ReadRows, currency = 'GBP') => surveyRows(read, currency, NO_PROGRESS)

const sale = (invoice: string, sku: string, description: string, price: string, quantity = '1') =>
  `${invoice},${sku},${description},${quantity},2010-12-01 08:26:00,${price},,France`

const dated = (invoice: string, date: string) => `${invoice},71053,LANTERN,1,${date},3.39,,France`

test('a product is named as most rows name it, and of equals as the first that reached the count', async () => {
  const { catalogue } = await survey(
    rowsOf(
      sale('1', 'a', 'LANTERN', '1'),
      sale('1', 'a', 'LAMP', '1'),
      sale('2', 'a', 'LAMP', '1'),
      sale('2', 'a', 'LANTERN', '1'),
    ),
  )
  expect(catalogue.get('a')?.name).toBe('LAMP')
})

test('a product costs what most priced sales say; write-offs, credit notes and gifts do not count', async () => {
  const { catalogue } = await survey(
    rowsOf(
      sale('1', 'a', '', '2.10'),
      sale('2', 'a', '', '2.55'),
      sale('3', 'a', '', '2.550'),
      sale('4', 'a', '', '0'),
      sale('5', 'a', '', '0'),
      sale('6', 'a', '', '0'),
      sale('C7', 'a', '', '1', '-1'),
      sale('7', 'a', '', '9', '-1'),
      sale('8', 'a', '', '9', '-1'),
      sale('9', 'a', '', '9', '-1'),
      sale('C8', 'a', '', '1', '-1'),
      sale('C9', 'a', '', '1', '-1'),
    ),
    'EUR',
  )
  expect(catalogue.get('a')?.price).toEqual({ amount: '2.55', currency: 'EUR' })
})

test('a product without description and price is named by its SKU and costs nothing', async () => {
  const { catalogue } = await survey(rowsOf(sale('1', 'DOT', '', '0')))
  expect(catalogue.get('DOT')).toEqual({ sku: 'DOT', name: 'DOT', price: { amount: '0', currency: 'GBP' } })
})

test('malformed rows are told by line, and keep their whole invoice out', async () => {
  const surveyed = await survey(
    rowsOf(
      sale('1', 'a', 'X', '1'),
      sale('2', 'a', 'X', '1'),
      sale('1', 'a', 'X', 'free'),
      sale('', 'a', 'X', '1'),
      '3',
      sale('2', 'a', 'X', '1'),
    ),
  )
  expect(surveyed.malformed).toEqual([
    { line: 4, invoice: '1', reason: 'UnitPrice "free" is not a decimal number' },
    { line: 5, invoice: null, reason: 'InvoiceNo is missing' },
    { line: 6, invoice: '3', reason: 'has 1 field where the first line has 8 fields' },
  ])
  expect([...surveyed.invoices]).toEqual([['2', 2]])
  expect(surveyed).toMatchObject({ rows: 6, skipped: 2 })
})

test('dates with slashes are read in the order that a day above 12 proves', async () => {
  const monthFirst = await survey(rowsOf(dated('1', '12/1/2010 8:26'), dated('2', '12/13/2010 8:26')))
  expect(monthFirst).toMatchObject({ malformed: [], context: { slashOrder: 'month-first' } })
  const dayFirst = await survey(rowsOf(dated('1', '1/12/2010 8:26'), dated('2', '13/12/2010 8:26')))
  expect(dayFirst).toMatchObject({ malformed: [], context: { slashOrder: 'day-first' } })
})

test('dates with slashes that prove nothing, or both orders, are malformed', async () => {
  const ambiguous = await survey(rowsOf(dated('1', '12/1/2010 8:26'), dated('2', '12/2/2010 8:26')))
  expect(ambiguous.malformed.map(({ line }) => line)).toEqual([2, 3])
  expect(ambiguous.malformed[0]?.reason).toContain('day first or month first')
  const contradicting = await survey(rowsOf(dated('1', '13/1/2010 8:26'), dated('2', '1/13/2010 8:26')))
  expect(contradicting.malformed.map(({ line }) => line)).toEqual([2, 3])
})
