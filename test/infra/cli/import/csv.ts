import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Column, ReadRows, SourceRow } from '../../../../infra/cli/import/rows.ts'
import { readRows } from '../../../../infra/cli/import/rows.ts'

export const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

const directory = mkdtempSync(join(tmpdir(), 'daybook-csv-'))
let files = 0

/** Writes a file that no other test has, and answers its path. */
export const fileOf = (content: string | Buffer, name = 'invoices.csv'): string => {
  files += 1
  const path = join(directory, `${files}-${name}`)
  writeFileSync(path, content)
  return path
}

export const csvFile = (...lines: ReadonlyArray<string>): string => fileOf(`${[HEADER, ...lines].join('\n')}\n`)

export const rowsOf =
  (...lines: ReadonlyArray<string>): ReadRows =>
  () =>
    readRows(csvFile(...lines))

export type Cells = { readonly [C in Column]?: string }

const USUAL: Cells = {
  InvoiceNo: '536365',
  StockCode: '71053',
  Description: 'WHITE METAL LANTERN',
  Quantity: '6',
  InvoiceDate: '2010-12-01 08:26:00',
  UnitPrice: '3.39',
  CustomerID: '17850.0',
  Country: 'United Kingdom',
}

/** A row as the reader yields it: the usual one with these cells changed. */
export const sourceRow = (cells: Cells = {}, line = 2): SourceRow => ({
  line,
  cell: (column) => ({ ...USUAL, ...cells })[column] ?? '',
  fault: null,
})

export const collect = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const collected: Array<A> = []
  for await (const item of items) collected.push(item)
  return collected
}
