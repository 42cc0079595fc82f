import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Column, readRows } from '../../../../infra/cli/import/rows.ts'
import { collect, csvFile, fileOf, HEADER } from './csv.ts'

const LINE = '536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom'

const cells = async (path: string, ...columns: ReadonlyArray<Column>) =>
  (await collect(readRows(path))).map(({ cell }) => columns.map(cell))

test('columns are found by name in any order, and unknown ones do no harm', async () => {
  const path = fileOf(
    'Country,Remark,Currency,UnitPrice,InvoiceNo,CustomerID,StockCode,Quantity,Description,InvoiceDate\n' +
      'France,hi,EUR,2.5,536370,12583.0,22728,24,ALARM CLOCK,2010-12-01 08:45:00\n',
  )
  expect(await cells(path, 'InvoiceNo', 'StockCode', 'UnitPrice', 'Currency', 'Country')).toEqual([
    ['536370', '22728', '2.5', 'EUR', 'France'],
  ])
})

test('fields are trimmed at both ends', async () => {
  const path = csvFile('536365, 71053 ," WHITE METAL LANTERN ",6,2010-12-01 08:26:00,3.39,17850.0,EIRE ')
  expect(await cells(path, 'StockCode', 'Description', 'Country')).toEqual([['71053', 'WHITE METAL LANTERN', 'EIRE']])
})

test.each([
  ['a byte order mark', `\ufeff${HEADER}\n${LINE}\n${LINE}\n`],
  ['a byte order mark before a quote', `\ufeff"${HEADER.replace(',', '",')}\n${LINE}\n${LINE}\n`],
  ['CRLF line ends', `${HEADER}\r\n${LINE}\r\n${LINE}\r\n`],
  ['mixed line ends', `${HEADER}\r\n${LINE}\n${LINE}`],
  ['empty lines', `${HEADER}\n\n${LINE}\n,,,,,,,\n${LINE}\n\n`],
])('a file with %s reads the same', async (_, content) => {
  expect(await cells(fileOf(content), 'InvoiceNo', 'Country')).toEqual([
    ['536365', 'United Kingdom'],
    ['536365', 'United Kingdom'],
  ])
})

test('gzip is known by its content, not by its name', async () => {
  const content = `${HEADER}\n${LINE}\n`
  expect(await cells(fileOf(gzipSync(content), 'packed.csv'), 'InvoiceNo')).toEqual([['536365']])
  expect(await cells(fileOf(content, 'plain.csv.gz'), 'InvoiceNo')).toEqual([['536365']])
})

test('a row is reported by the line on which it begins, whatever line breaks its texts hold', async () => {
  const path = csvFile(LINE, '536366,71053,"two\nlines",6,2010-12-01 08:26:00,3.39,17850.0,France', LINE)
  expect((await collect(readRows(path))).map(({ line }) => line)).toEqual([2, 3, 5])
})

test('a row with too few or too many fields says so', async () => {
  const path = csvFile('536365,71053', `${LINE},more`, LINE)
  expect((await collect(readRows(path))).map(({ fault }) => fault)).toEqual([
    'has 2 fields where the first line has 8 fields',
    'has 9 fields where the first line has 8 fields',
    null,
  ])
})

test('a stray quote within a text belongs to the text', async () => {
  const path = csvFile('536365,71053,5" PLATE,6,2010-12-01 08:26:00,3.39,,France')
  expect(await cells(path, 'Description', 'Country')).toEqual([['5" PLATE', 'France']])
})

test.each([
  ['a file without the columns', 'InvoiceNo,StockCode,Quantity\n1,2,3\n', /does not name Description, InvoiceDate/],
  ['an empty file', '', /is empty/],
  [
    'a quote that is never closed',
    `${HEADER}\n${LINE}\n"536365,${LINE}\n${LINE}\n`,
    /a quote that opens after line 2 is never closed/,
  ],
  ['a cut off gzip file', gzipSync(`${HEADER}\n${LINE}\n`).subarray(0, 60), /cut off gzip file/],
])('%s is refused in words', async (_, content, words) => {
  await expect(collect(readRows(fileOf(content)))).rejects.toThrow(words)
})

test('a quote that is closed a megabyte later counts as never closed: the text between must not fill the memory', async () => {
  const path = fileOf(`${HEADER}\n"${`${LINE}\n`.repeat(20_000)}",71053,X,1,2010-12-01 08:26:00,1,,\n`)
  await expect(collect(readRows(path))).rejects.toThrow(/after line 1 is never closed/)
})

test('what is no file is refused in words', async () => {
  await expect(collect(readRows('/nowhere/invoices.csv'))).rejects.toThrow(
    'cannot read /nowhere/invoices.csv: there is no such file',
  )
  await expect(collect(readRows('.'))).rejects.toThrow(/it is not a file/)
})

test('a reader that stops early leaves nothing open', async () => {
  const path = fileOf(`${HEADER}\n${`${LINE}\n`.repeat(50_000)}`)
  for await (const row of readRows(path)) {
    expect(row.line).toBe(2)
    break
  }
  expect(await cells(csvFile(LINE), 'InvoiceNo')).toEqual([['536365']])
})

test('reading ends when it is stopped, with the reason', async () => {
  const path = fileOf(`${HEADER}\n${`${LINE}\n`.repeat(50_000)}`)
  const stop = new AbortController()
  const reading = collect(readRows(path, stop.signal))
  stop.abort(new Error('enough'))
  await expect(reading).rejects.toThrow('enough')
})
