import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import type { StockEvent } from '../../schemas/events/stock.ts'
import type { Line } from '../../schemas/lines.ts'
import { add, type Change } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const productDays: Table = {
  name: 'product_days',
  rows: 'shared',
  key: { tenant: 'text', sku: 'text', day: 'date' },
  columns: {
    sold: 'numeric',
    cancelled: 'numeric',
    credited: 'numeric',
    adjusted_in: 'numeric',
    adjusted_out: 'numeric',
  },
}

/** One change per distinct SKU. `time`: RFC 3339 UTC. */
const moved = (
  column: 'sold' | 'cancelled' | 'credited',
  tenant: string,
  time: string,
  lines: ReadonlyArray<Line>,
): ReadonlyArray<Change> => {
  const pieces = new Map<string, number>()
  for (const { sku, quantity } of lines) pieces.set(sku, (pieces.get(sku) ?? 0) + quantity)
  return [...pieces].map(([sku, sum]) =>
    add('product_days', { tenant, sku, day: time.slice(0, 10) }, { [column]: sum }),
  )
}

/**
 * What moved of each product, in pieces, on the day (UTC) that it moved: sold when its order was placed, cancelled when that was
 * cancelled, credited when the credit note was issued, adjusted when the adjustment was committed, since that has no business date.
 */
export const productMovement: Projection<OrderEvent | CreditNoteEvent | StockEvent> = {
  name: 'product-movement',
  version: 1,
  streamTypes: ['order', 'credit-note', 'stock'],
  tables: [productDays],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) => moved('sold', tenant, data.placedAt, data.lines),
    OrderCancelled: ({ tenant, event: { data } }) => moved('cancelled', tenant, data.cancelledAt, data.lines),
    CreditNoteIssued: ({ tenant, event: { data } }) => moved('credited', tenant, data.issuedAt, data.lines),
    StockAdjusted: ({ tenant, time, event: { data } }) => [
      add(
        'product_days',
        { tenant, sku: data.sku, day: time.slice(0, 10) },
        data.quantity > 0 ? { adjusted_in: data.quantity } : { adjusted_out: -data.quantity },
      ),
    ],
  },
}
