import * as E from 'fp-ts/lib/Either.js'
import type { Progress } from '../progress.ts'
import { type Catalogue, catalogueBuilder } from './catalogue.ts'
import { type SlashOrder, slashOrderOf } from './dates.ts'
import { decodeRow, type RowContext } from './row.ts'
import type { ReadRows } from './rows.ts'

export type MalformedRow = { readonly line: number; readonly invoice: string | null; readonly reason: string }

/** What one pass over a file tells. Its size goes by invoices, SKUs and malformed rows, not by rows. */
export type Survey = {
  readonly rows: number
  readonly malformed: ReadonlyArray<MalformedRow>
  /** Rows of each invoice. Those with a malformed row are left out: they are not imported. */
  readonly invoices: ReadonlyMap<string, number>
  /** How many invoices were left out of `invoices`. */
  readonly skipped: number
  readonly catalogue: Catalogue
  /** How the rows were read, and are to be read again. */
  readonly context: RowContext
}

/**
 * Whether a file that begins with a date like 12/1/2010 writes days or months first. A day above 12 tells; when none does, or
 * some tell one thing and some the other, it stays unknown. Other files are not read beyond their first row.
 */
const slashOrderIn = async (read: ReadRows): Promise<SlashOrder> => {
  const told = new Set<SlashOrder>()
  let rows = 0
  for await (const source of read()) {
    const order = slashOrderOf(source.cell('InvoiceDate'))
    if (order === null && rows === 0) return 'unknown'
    if (order !== null && order !== 'unknown') told.add(order)
    rows += 1
  }
  const [order = 'unknown', contradiction] = told
  return contradiction === undefined ? order : 'unknown'
}

/** Reads the file once, and those with dates like 12/13/2010 twice. `currency` is that of rows that do not name theirs. */
export const surveyRows = async (read: ReadRows, currency: string, progress: Progress): Promise<Survey> => {
  const context = { currency, slashOrder: await slashOrderIn(read) }
  const invoices = new Map<string, number>()
  const skipped = new Set<string>()
  const malformed: Array<MalformedRow> = []
  const catalogue = catalogueBuilder()
  let rows = 0
  progress.begin('rows read', null)
  for await (const source of read()) {
    rows += 1
    progress.advance()
    const invoice = source.cell('InvoiceNo')
    const row = decodeRow(source, context)
    if (E.isRight(row)) {
      catalogue.add(row.right)
    } else {
      malformed.push({ line: source.line, invoice: invoice === '' ? null : invoice, reason: row.left.join('; ') })
      skipped.add(invoice)
    }
    invoices.set(invoice, (invoices.get(invoice) ?? 0) + 1)
  }
  progress.end()
  for (const invoice of skipped) invoices.delete(invoice)
  skipped.delete('')
  return { rows, malformed, invoices, skipped: skipped.size, catalogue: catalogue.build(), context }
}
