import type { DaybookEvent } from '../../projections/event-codecs.ts'
import type { RecordedEvent } from '../../projections/projection.ts'

export type Recorded = RecordedEvent<DaybookEvent>
export type Line = { readonly sku: string; readonly quantity: number; readonly unitPrice: string }

export type Document = {
  readonly kind: 'invoices' | 'credit_notes' | 'bookings'
  readonly column: 'gross' | 'credits' | 'adjustments'
  readonly tenant: string
  readonly currency: string
  readonly time: string
  readonly customerId: string | null
  readonly country: string | null
  /** Signed. */
  readonly lines: ReadonlyArray<Line>
}

/** What a stream comes to in a book of sales: nothing, once it was cancelled. */
export const documentsOf = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Document> => {
  if (stream.some(({ event }) => event.type === 'OrderCancelled')) return []
  return stream.flatMap(({ tenant, event }): ReadonlyArray<Document> => {
    switch (event.type) {
      case 'OrderPlaced':
        return [{ ...event.data, kind: 'invoices', column: 'gross', tenant, time: event.data.placedAt }]
      case 'CreditNoteIssued': {
        const lines = event.data.lines.map((line) => ({ ...line, quantity: -line.quantity }))
        return [{ ...event.data, kind: 'credit_notes', column: 'credits', tenant, time: event.data.issuedAt, lines }]
      }
      case 'AdjustmentBooked': {
        const { amount, currency } = event.data.amount
        const lines = [{ sku: '', quantity: 1, unitPrice: amount }]
        const time = event.data.bookedAt
        return [{ ...event.data, kind: 'bookings', column: 'adjustments', tenant, currency, time, lines }]
      }
      default:
        return []
    }
  })
}
