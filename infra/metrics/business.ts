import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import type { InvoiceEvent } from '../../schemas/events/invoice.ts'
import type { OrderEvent } from '../../schemas/events/order.ts'
import { Currency, NonNegativeDecimal } from '../../schemas/money.ts'
import type { Commit } from '../event-store/port.ts'
import type { MetricDefinition } from './definition.ts'
import type { Metrics } from './port.ts'

const sum = 'Added up as floating point: for the exact amount, ask the sales report.'

/** What the business looks at: counted once, when the commit that says so is appended. */
export const BUSINESS_METRICS = {
  ordersPlaced: {
    name: 'OrdersPlaced',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [[]],
    description: 'Orders placed.',
  },
  ordersCancelled: {
    name: 'OrdersCancelled',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [[]],
    description: 'Orders cancelled.',
  },
  orderAmount: {
    name: 'OrderAmount',
    unit: 'None',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [],
    description: `Totals of orders placed, in their currency. ${sum}`,
  },
  cancelledAmount: {
    name: 'CancelledAmount',
    unit: 'None',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [],
    description: `Totals of orders cancelled, in their currency. ${sum}`,
  },
  creditedAmount: {
    name: 'CreditedAmount',
    unit: 'None',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [],
    description: `Totals of credit notes issued, in their currency. ${sum}`,
  },
  invoicesIssued: {
    name: 'InvoicesIssued',
    unit: 'Count',
    kind: 'counter',
    dimensions: ['Currency'],
    rollups: [[]],
    description: 'Invoices issued.',
  },
} as const satisfies { readonly [name: string]: MetricDefinition }

type Figure = MetricDefinition & { readonly dimensions: readonly ['Currency'] }

/** What an event adds to: a number of documents, and the sum of their totals. */
type Figures = { readonly count?: Figure; readonly amount?: Figure }

const FIGURES: { readonly [Type in (OrderEvent | CreditNoteEvent | InvoiceEvent)['type']]?: Figures } = {
  OrderPlaced: { count: BUSINESS_METRICS.ordersPlaced, amount: BUSINESS_METRICS.orderAmount },
  OrderCancelled: { count: BUSINESS_METRICS.ordersCancelled, amount: BUSINESS_METRICS.cancelledAmount },
  CreditNoteIssued: { amount: BUSINESS_METRICS.creditedAmount },
  InvoiceIssued: { count: BUSINESS_METRICS.invoicesIssued },
}

const FIGURES_OF: ReadonlyMap<string, Figures> = new Map(Object.entries(FIGURES))

const Document = t.type({ currency: Currency, total: NonNegativeDecimal })

/** Records what a commit means to the business; to be told of every commit once, when it was appended. */
export const businessFigures =
  (metrics: Metrics) =>
  ({ events }: Pick<Commit, 'events'>): void => {
    for (const { type, data } of events) {
      const figures = FIGURES_OF.get(type)
      const document = figures && Document.decode(data)
      if (figures === undefined || document === undefined || E.isLeft(document)) continue
      const dimensions = { Currency: document.right.currency }
      if (figures.count) metrics.record(figures.count, dimensions)
      if (figures.amount) metrics.record(figures.amount, dimensions, Number(document.right.total))
    }
  }
