import * as t from 'io-ts'
import { Failure } from '../failure.ts'
import { parseCsvFile, readFault } from './source.ts'

const REQUIRED = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const

export type Column = (typeof REQUIRED)[number] | 'Currency'

/** A row as it stands in the file. `cell` answers trimmed text; '' where the row or the file has no such cell. */
export type SourceRow = {
  /** 1 is the header's. */
  readonly line: number
  readonly cell: (column: Column) => string
  /** Set when the row has more or fewer fields than the header. */
  readonly fault: string | null
}

/** Yields the rows anew each time it is called. */
export type ReadRows = () => AsyncIterable<SourceRow>

const Parsed = t.type({ record: t.array(t.string), info: t.type({ lines: t.number }) })
type Parsed = t.TypeOf<typeof Parsed>

const positionsOf = (path: string, header: ReadonlyArray<string>): ReadonlyMap<Column, number> => {
  const names = header.map((name) => name.trim())
  const missing = REQUIRED.filter((column) => !names.includes(column))
  if (missing.length > 0) throw new Failure(`the first line of ${path} does not name ${missing.join(', ')}`)
  return new Map([...REQUIRED, 'Currency' as const].map((column) => [column, names.indexOf(column)]))
}

const fields = (count: number): string => (count === 1 ? '1 field' : `${count} fields`)

const sourceRow = (positions: ReadonlyMap<Column, number>, width: number, { record, info }: Parsed): SourceRow => ({
  // The parser counts to the end of a row; descriptions may hold line breaks.
  line:
    info.lines - record.reduce((breaks, text) => breaks + (text.includes('\n') ? text.split('\n').length - 1 : 0), 0),
  cell: (column) => record[positions.get(column) ?? -1]?.trim() ?? '',
  fault: record.length === width ? null : `has ${fields(record.length)} where the first line has ${fields(width)}`,
})

/**
 * Streams a CSV file of UCI Online Retail's columns, named by its first line in any order; a Currency column is optional.
 * Throws `Failure` when the file cannot be read, is not CSV or lacks a column, and `stop`'s reason once that is aborted.
 */
export const readRows = async function* (path: string, stop?: AbortSignal): AsyncGenerator<SourceRow> {
  let positions: ReadonlyMap<Column, number> | undefined
  let width = 0
  let lastLine = 0
  try {
    for await (const parsed of await parseCsvFile(path, stop)) {
      if (!Parsed.is(parsed)) throw new Failure(`cannot read ${path}: the CSV parser gave something else than a row`)
      lastLine = parsed.info.lines
      if (positions === undefined) {
        positions = positionsOf(path, parsed.record)
        width = parsed.record.length
      } else {
        yield sourceRow(positions, width, parsed)
      }
    }
  } catch (error) {
    stop?.throwIfAborted()
    throw readFault(path, error, lastLine)
  }
  if (positions === undefined) throw new Failure(`${path} is empty`)
}
