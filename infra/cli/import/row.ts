import * as E from 'fp-ts/lib/Either.js'
import { Currency, canonicalDecimal } from '../../../schemas/money.ts'
import { parseInstant, type SlashOrder, slashOrderOf } from './dates.ts'
import type { SourceRow } from './rows.ts'

/** A row with its values understood; whether an invoice may hold it is for `documents.ts` to say. */
export type Row = {
  readonly line: number
  readonly invoice: string
  readonly sku: string
  readonly description: string | null
  /** Whole; may be zero or negative. */
  readonly quantity: number
  /** UTC, RFC 3339. */
  readonly at: string
  /** Canonical decimal; may be negative. */
  readonly unitPrice: string
  readonly currency: string
  readonly customerId: string | null
  readonly country: string | null
}

export type RowContext = {
  /** Of rows that do not name theirs. */
  readonly currency: string
  readonly slashOrder: SlashOrder
}

/** Spreadsheets write whole numbers as `6.0`. */
const WHOLE = /^([+-]?\d{1,15})(?:\.0+)?$/
/** Two digits of exponent: more would only serve to write out numbers that fill the memory. */
const DECIMAL = /^(?:\+(?!-))?(-?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?)$/
const CUSTOMER = /^(\d+)\.0+$/

const orNull = (text: string): string | null => (text === '' ? null : text)

const dateFault = (text: string): string =>
  slashOrderOf(text) === 'unknown'
    ? `InvoiceDate "${text}" may be read day first or month first, and no other date tells which`
    : `InvoiceDate "${text}" is not a time like 2010-12-01 08:26:00`

/** Right: the row. Left: everything that is wrong with it. */
export const decodeRow = (source: SourceRow, context: RowContext): E.Either<ReadonlyArray<string>, Row> => {
  if (source.fault !== null) return E.left([source.fault])
  const { cell, line } = source
  const [invoice, sku, date] = [cell('InvoiceNo'), cell('StockCode'), cell('InvoiceDate')]
  const quantity = WHOLE.exec(cell('Quantity'))?.[1]
  const price = DECIMAL.exec(cell('UnitPrice'))?.[1]
  const at = parseInstant(date, context.slashOrder)
  const currency = orNull(cell('Currency')) ?? context.currency
  if (invoice !== '' && sku !== '' && quantity !== undefined && price !== undefined && at && Currency.is(currency)) {
    return E.right({
      line,
      invoice,
      sku,
      description: orNull(cell('Description')),
      quantity: Number(quantity),
      at,
      unitPrice: canonicalDecimal(price),
      currency,
      customerId: orNull(cell('CustomerID').replace(CUSTOMER, '$1')),
      country: orNull(cell('Country')),
    })
  }
  const faults = [
    invoice === '' && 'InvoiceNo is missing',
    sku === '' && 'StockCode is missing',
    quantity === undefined && `Quantity "${cell('Quantity')}" is not a whole number`,
    at === undefined && dateFault(date),
    price === undefined && `UnitPrice "${cell('UnitPrice')}" is not a decimal number`,
    !Currency.is(currency) && `Currency "${currency}" is not an ISO 4217 code`,
  ]
  return E.left(faults.filter((fault) => fault !== false))
}
