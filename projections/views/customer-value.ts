import type { AdjustmentEvent } from '../../schemas/events/adjustment.ts'
import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { canonicalDecimal } from '../../schemas/money.ts'
import { add, type Change, type Deltas } from '../change.ts'
import type { Projection, Table } from '../projection.ts'

const customerDays: Table = {
  name: 'customer_days',
  rows: 'shared',
  key: { tenant: 'text', currency: 'text', customer_id: 'text', day: 'date' },
  columns: { orders: 'bigint', net: 'numeric' },
  subject: { column: 'customer_id' },
}

type Document = {
  readonly tenant: string
  readonly currency: string
  readonly customerId: string | null
  /** Business time, RFC 3339 UTC. */
  readonly time: string
}

/** A document without a customer is nobody's value. */
const addTo = ({ tenant, currency, customerId, time }: Document, deltas: Deltas): ReadonlyArray<Change> =>
  customerId === null
    ? []
    : [add('customer_days', { tenant, currency, customer_id: customerId, day: time.slice(0, 10) }, deltas)]

const minus = (amount: string): string => canonicalDecimal(`-${amount}`)

/**
 * Orders and net sales of each customer by business day (UTC) and currency. Days add up whatever order their events come in, where a
 * "last order" would not: it is the last day with an order, for the query to find. A cancelled order leaves nothing.
 */
export const customerValue: Projection<OrderEvent | CreditNoteEvent | AdjustmentEvent> = {
  name: 'customer-value',
  version: 1,
  streamTypes: ['order', 'credit-note', 'adjustment'],
  tables: [customerDays],
  on: {
    OrderPlaced: ({ tenant, event: { data } }) =>
      addTo({ ...data, tenant, time: data.placedAt }, { orders: 1, net: data.total }),
    OrderCancelled: ({ tenant, event: { data } }) =>
      addTo({ ...data, tenant, time: data.placedAt }, { orders: -1, net: minus(data.total) }),
    CreditNoteIssued: ({ tenant, event: { data } }) =>
      addTo({ ...data, tenant, time: data.issuedAt }, { net: minus(data.total) }),
    AdjustmentBooked: ({ tenant, event: { data } }) => {
      const { amount, currency } = data.amount
      return addTo({ ...data, tenant, currency, time: data.bookedAt }, { net: amount })
    },
  },
}
