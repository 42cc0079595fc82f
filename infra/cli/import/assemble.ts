import * as E from 'fp-ts/lib/Either.js'
import { Failure } from '../failure.ts'
import type { Invoice } from './documents.ts'
import { decodeRow, type Row } from './row.ts'
import type { ReadRows } from './rows.ts'
import type { Survey } from './survey.ts'

type Pending = [Row, ...Array<Row>]

/**
 * The second pass: each invoice of the survey as soon as its last row was read. Holds the rows of the invoices that have
 * begun and not ended: one at a time in a file by invoice, however much the rows of several are interleaved otherwise.
 */
export const assembleInvoices = async function* (read: ReadRows, survey: Survey): AsyncGenerator<Invoice> {
  const changed = new Failure('the file changed while it was read; run the same command again')
  const begun = new Map<string, Pending>()
  let ended = 0
  for await (const source of read()) {
    const number = source.cell('InvoiceNo')
    const expected = survey.invoices.get(number)
    if (expected === undefined) continue
    const row = decodeRow(source, survey.context)
    if (E.isLeft(row)) throw changed
    const rows = begun.get(number)
    if (rows === undefined) begun.set(number, [row.right])
    else rows.push(row.right)
    const complete = begun.get(number)
    if (complete?.length === expected) {
      begun.delete(number)
      ended += 1
      yield { number, rows: complete }
    }
  }
  if (begun.size > 0 || ended !== survey.invoices.size) throw changed
}
