import type { ProcessStepCommand } from '../../domain/process-step/index.ts'

const gbp = (amount: string) => ({ amount, currency: 'GBP' })

/** As many lines as make it worth packing the events. */
const lines = Array.from({ length: 40 }, (_, index) => ({
  sku: `8512${index}`,
  description: 'WHITE HANGING HEART T-LIGHT HOLDER, "LARGE"',
  quantity: 6 + index,
  unitPrice: gbp('2.555'),
}))

/** Requests of the command API that, in this order, write every type of event there is. */
export const requests: ReadonlyArray<{ readonly path: string; readonly body: unknown }> = [
  {
    path: '/v1/products',
    body: {
      sku: '71053',
      name: 'Lantérne ☕ "white"',
      category: 'Lights',
      price: gbp('3.390'),
      images: ['https://images.example/71053.jpg', 'http://images.example/back%20side.jpg?w=200'],
    },
  },
  { path: '/v1/products/71053/price', body: { price: gbp('4.25') } },
  { path: '/v1/products/71053/discontinuation', body: { reason: 'no demand' } },
  { path: '/v1/stock/71053/adjustments', body: { quantity: -12, reason: 'broken in transit' } },
  {
    path: '/v1/orders',
    body: { orderId: '536365', customerId: '17850', country: 'United Kingdom', currency: 'GBP', lines },
  },
  { path: '/v1/invoices', body: { invoiceId: 'I 1', orderId: '536365' } },
  { path: '/v1/invoices/I%201/voiding', body: { reason: 'wrong address' } },
  { path: '/v1/orders/536365/cancellation', body: { reason: 'ordered twice' } },
  {
    path: '/v1/credit-notes',
    body: { creditNoteId: 'C536379', currency: 'GBP', lines: [{ sku: 'D', quantity: 1, unitPrice: gbp('27.50') }] },
  },
  { path: '/v1/adjustments', body: { adjustmentId: 'A563185', amount: gbp('-11062.06'), reason: 'Adjust bad debt' } },
]

export const PROCESS = { subject: 'process:invoicing', roles: ['integration'] }
export const STEP = { process: 'invoicing', kind: 'issue', subject: '536365' }

/** What only a process does, and how it is taken back. */
export const stepCommands: ReadonlyArray<ProcessStepCommand> = [
  { type: 'RefuseStep', step: STEP, reason: 'invoice_id_taken: An invoice with this id exists' },
  { type: 'ReopenStep', reason: 'the other invoice was voided' },
]
