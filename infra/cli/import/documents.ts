import { createHash } from 'node:crypto'
import Big from 'big.js'
import * as E from 'fp-ts/lib/Either.js'
import { ClientId, Sku } from '../../../schemas/text.ts'
import type { Product } from './catalogue.ts'
import type { Row } from './row.ts'

export type Kind = 'product' | 'order' | 'creditNote' | 'adjustment' | 'stockAdjustment'

/** A request of the command API. `id`: what the user knows it by, a SKU or an invoice number. */
export type Command = {
  readonly kind: Kind
  readonly id: string
  readonly path: string
  /** Idempotency key: the same for the same fact in every run and every file that tells it. */
  readonly key: string
  readonly body: object
  /** Products that must be there before. */
  readonly skus: ReadonlyArray<string>
}

export type Invoice = { readonly number: string; readonly rows: readonly [Row, ...ReadonlyArray<Row>] }

/** What an invoice asks for, and what about it was decided for want of something better. */
export type Documents = { readonly commands: ReadonlyArray<Command>; readonly notes: ReadonlyArray<string> }

const keyOf = (kind: string, id: string, row?: number): string =>
  `online-retail:${kind}:${id}${row === undefined ? '' : `:${row}`}`

/** The API's limit on reasons. */
const LONGEST_REASON = 500
const reason = (text: string): string => text.slice(0, LONGEST_REASON).toWellFormed()

const digestOf = (product: Product): string =>
  createHash('sha256').update(JSON.stringify(product)).digest('hex').slice(0, 16)

/** Another file may tell another name or price of a product: that is another command, and the SKU is taken. */
export const productCommand = (product: Product): Command => ({
  kind: 'product',
  id: product.sku,
  path: '/v1/products',
  key: `${keyOf('product', product.sku)}:${digestOf(product)}`,
  body: product,
  skus: [],
})

/** Whom an invoice is for: the first value that its rows give, since a document has one customer and one country. */
const party = ({ rows }: Invoice): { readonly customerId?: string; readonly country?: string } => {
  const customerId = rows.find((row) => row.customerId !== null)?.customerId
  const country = rows.find((row) => row.country !== null)?.country
  return { ...(customerId && { customerId }), ...(country && { country }) }
}

const earliest = ({ rows }: Invoice): string => rows.map(({ at }) => at).toSorted()[0] ?? rows[0].at

const line = ({ sku, description, quantity, unitPrice, currency }: Row): object => ({
  sku,
  ...(description !== null && { description }),
  quantity: Math.abs(quantity),
  unitPrice: { amount: unitPrice, currency },
})

const skusOf = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => [...new Set(rows.map(({ sku }) => sku))]

const order = (invoice: Invoice, sold: ReadonlyArray<Row>): Command => ({
  kind: 'order',
  id: invoice.number,
  path: '/v1/orders',
  key: keyOf('order', invoice.number),
  body: {
    orderId: invoice.number,
    ...party(invoice),
    currency: invoice.rows[0].currency,
    placedAt: earliest(invoice),
    lines: sold.map(line),
  },
  skus: skusOf(sold),
})

const creditNote = (invoice: Invoice): Command => ({
  kind: 'creditNote',
  id: invoice.number,
  path: '/v1/credit-notes',
  key: keyOf('credit-note', invoice.number),
  body: {
    creditNoteId: invoice.number,
    ...party(invoice),
    currency: invoice.rows[0].currency,
    issuedAt: earliest(invoice),
    lines: invoice.rows.map(line),
  },
  skus: skusOf(invoice.rows),
})

const adjustment = (invoice: Invoice): Command => {
  const sum = invoice.rows.reduce((total, row) => total.plus(new Big(row.unitPrice).times(row.quantity)), new Big(0))
  return {
    kind: 'adjustment',
    id: invoice.number,
    path: '/v1/adjustments',
    key: keyOf('adjustment', invoice.number),
    body: {
      adjustmentId: invoice.number,
      ...party(invoice),
      amount: { amount: sum.eq(0) ? '0' : sum.toFixed(), currency: invoice.rows[0].currency },
      reason: reason(invoice.rows.find((row) => row.description !== null)?.description ?? 'adjustment'),
      bookedAt: earliest(invoice),
    },
    skus: [],
  }
}

/** `row`: which of the invoice's rows it is, from 1; lines of the file would differ from file to file. */
const stockAdjustment = ({ invoice, sku, quantity, description }: Row, row: number): Command => ({
  kind: 'stockAdjustment',
  id: invoice,
  path: `/v1/stock/${encodeURIComponent(sku)}/adjustments`,
  key: keyOf('stock', invoice, row),
  body: { quantity, reason: reason(`invoice ${invoice}: ${description ?? 'write-off'}`) },
  skus: [sku],
})

export const kindOf = (invoiceNumber: string): 'order' | 'creditNote' | 'adjustment' =>
  invoiceNumber.startsWith('C') ? 'creditNote' : invoiceNumber.startsWith('A') ? 'adjustment' : 'order'

/** Why the API could not express this row as part of this kind of document. */
const obstacle = (kind: ReturnType<typeof kindOf>, { sku, quantity }: Row): string | null => {
  if (kind === 'adjustment') return null
  if (!Sku.is(sku)) return `StockCode "${sku}" cannot be a SKU (1 to 64 letters, digits, spaces, ".", "_" or "-")`
  if (kind === 'creditNote' && quantity >= 0) return `a credit note takes back, so its quantity cannot be ${quantity}`
  return quantity === 0 ? 'a quantity cannot be 0' : null
}

const obstacles = ({ number, rows }: Invoice): ReadonlyArray<string> => {
  const { customerId } = party({ number, rows })
  return [
    ...(ClientId.is(number) ? [] : ['its number cannot be an id (1 to 64 letters, digits, spaces, ".", "_" or "-")']),
    ...(customerId === undefined || ClientId.is(customerId) ? [] : [`CustomerID "${customerId}" cannot be an id`]),
    ...(rows.some(({ currency }) => currency !== rows[0].currency) ? ['its rows are in several currencies'] : []),
    ...rows.flatMap((row) => {
      const why = obstacle(kindOf(number), row)
      return why === null ? [] : [`line ${row.line}: ${why}`]
    }),
  ]
}

const notesOn = ({ number, rows }: Invoice, writtenOff: ReadonlyArray<Row>): ReadonlyArray<string> => {
  const disagree = (of: (row: Row) => string | null): boolean => new Set(rows.map(of)).size > 1
  const first = party({ number, rows })
  return [
    ...(disagree((row) => row.customerId) ? [`its rows name several customers or none; took ${first.customerId}`] : []),
    ...(disagree((row) => row.country) ? [`its rows name several countries or none; took ${first.country}`] : []),
    ...(rows.some(({ description }) => description?.includes('\ufffd'))
      ? ['a description is not UTF-8; what could not be read stands as \ufffd']
      : []),
    ...writtenOff
      .filter(({ unitPrice }) => unitPrice !== '0')
      .map((row) => `line ${row.line}: a write-off has no value, its price of ${row.unitPrice} was left out`),
  ]
}

/**
 * What an invoice means to the command API. `C…`: a credit note. `A…`: an adjustment by the sum of its rows. Any other: an
 * order of the rows above zero, and a stock adjustment for each below. Left: why the invoice cannot be expressed as a whole.
 */
export const documentsOf = (invoice: Invoice): E.Either<ReadonlyArray<string>, Documents> => {
  const faults = obstacles(invoice)
  if (faults.length > 0) return E.left(faults)
  const kind = kindOf(invoice.number)
  if (kind === 'creditNote') return E.right({ commands: [creditNote(invoice)], notes: notesOn(invoice, []) })
  if (kind === 'adjustment') return E.right({ commands: [adjustment(invoice)], notes: notesOn(invoice, []) })
  const sold = invoice.rows.filter(({ quantity }) => quantity > 0)
  const writtenOff = invoice.rows.filter(({ quantity }) => quantity < 0)
  const writeOffs = invoice.rows.flatMap((row, index) => (row.quantity < 0 ? [stockAdjustment(row, index + 1)] : []))
  return E.right({
    commands: [...(sold.length > 0 ? [order(invoice, sold)] : []), ...writeOffs],
    notes: notesOn(invoice, writtenOff),
  })
}
