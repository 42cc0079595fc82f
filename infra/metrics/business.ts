import type { MetricDefinition } from './definition.ts'

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
