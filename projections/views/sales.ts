import Big from 'big.js'
import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import type { Line } from '../../schemas/lines.ts'
import { add, type Change, type Deltas } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const salesTable: Table = {
  name: 'sales',
  rows: 'shared',
  key: { tenant: 'text', dimension: 'text', currency: 'text', day: 'date', key: 'text' },
  columns: {
    invoices: 'bigint',
    credit_notes: 'bigint',
    bookings: 'bigint',
    units: 'numeric',
    gross: 'numeric',
    credits: 'numeric',
    adjustments: 'numeric',
  },
  subject: { column: 'key', where: { dimension: 'customer' } },
}

/** Stands where a document has no customer, no country or no product. */
const NONE = ''

type Document = {
  readonly tenant: string
  readonly currency: string
  /** Business time, RFC 3339 UTC. */
  readonly time: string
  readonly customerId: string | null
  readonly country: string | null
}

const addTo = (document: Document, dimension: string, key: string, deltas: Deltas): Change => {
  const { tenant, currency, time } = document
  return add('sales', { tenant, dimension, currency, day: time.slice(0, 10), key }, deltas)
}

const wholeDocument = (document: Document, deltas: Deltas): ReadonlyArray<Change> => [
  addTo(document, 'day', NONE, deltas),
  addTo(document, 'country', document.country ?? NONE, deltas),
  addTo(document, 'customer', document.customerId ?? NONE, deltas),
]

type Sums = { readonly units: number; readonly amount: Big }

const plus = (one: Sums, other: Sums): Sums => ({
  units: one.units + other.units,
  amount: one.amount.plus(other.amount),
})

const sumsOf = ({ quantity, unitPrice }: Line): Sums => ({
  units: quantity,
  amount: new Big(unitPrice).times(quantity),
})

const ZERO: Sums = { units: 0, amount: new Big(0) }

/** The document counts once in each dimension; its lines count under their products, once per distinct SKU. */
const withLines = (
  document: Document,
  lines: ReadonlyArray<Line>,
  deltasOf: (sums: Sums) => Deltas,
): ReadonlyArray<Change> => {
  const bySku = new Map<string, Sums>()
  for (const line of lines) {
    const before = bySku.get(line.sku)
    const sums = sumsOf(line)
    bySku.set(line.sku, before === undefined ? sums : plus(before, sums))
  }
  return [
    ...wholeDocument(document, deltasOf([...bySku.values()].reduce(plus, ZERO))),
    ...[...bySku].map(([sku, sums]) => addTo(document, 'product', sku, deltasOf(sums))),
  ]
}

const sold = ({ units, amount }: Sums): Deltas => ({ invoices: 1, units, gross: amount.toFixed() })
const unsold = ({ units, amount }: Sums): Deltas => ({ invoices: -1, units: 0 - units, gross: amount.neg().toFixed() })
const credited = ({ units, amount }: Sums): Deltas => ({
  credit_notes: 1,
  units: 0 - units,
  credits: amount.neg().toFixed(),
})

/** Sales totals per business day (UTC) and currency by day, country, customer and product. A cancelled order leaves nothing. */
export const sales: Projection<OrderEvent | CreditNoteEvent | AdjustmentEvent> = {
  name: 'sales',
  version: 1,
  streamTypes: ['order', 'credit-note', 'adjustment'],
  tables: [salesTable],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) => withLines({ ...data, tenant, time: data.placedAt }, data.lines, sold),
    OrderCancelled: ({ tenant, event: { data } }) =>
      withLines({ ...data, tenant, time: data.placedAt }, data.lines, unsold),
    CreditNoteIssued: ({ tenant, event: { data } }) =>
      withLines({ ...data, tenant, time: data.issuedAt }, data.lines, credited),
    AdjustmentBooked: ({ tenant, event: { data } }) => {
      const document = { ...data, tenant, currency: data.amount.currency, time: data.bookedAt }
      const deltas = { bookings: 1, adjustments: data.amount.amount }
      return [...wholeDocument(document, deltas), addTo(document, 'product', NONE, deltas)]
    },
  },
}
