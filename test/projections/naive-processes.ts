import type { Row } from '../../projections/change.ts'
import type { Recorded } from './naive-documents.ts'

type Order = { [column: string]: string | number }

/** Every order that anybody told of, event by event. */
const invoicingOrders = (recorded: ReadonlyArray<Recorded>): ReadonlyArray<Row> => {
  const orders = new Map<string, Order>()
  const noted = (tenant: string, orderId: string, column: string, more: number): void => {
    const order = orders.get(`${tenant} ${orderId}`) ?? { tenant, order_id: orderId }
    orders.set(`${tenant} ${orderId}`, { ...order, [column]: Number(order[column] ?? 0) + more })
  }
  for (const { tenant, time, event } of recorded) {
    const at = new Date(time).getTime()
    if (event.type === 'OrderPlaced') {
      noted(tenant, event.data.orderId, 'placed', 1)
      noted(tenant, event.data.orderId, 'placed_at_ms', at)
    } else if (event.type === 'OrderCancelled') {
      noted(tenant, event.data.orderId, 'cancelled', 1)
      noted(tenant, event.data.orderId, 'cancelled_at_ms', at)
    } else if (event.type === 'InvoiceIssued') {
      noted(tenant, event.data.orderId, 'invoices', 1)
      noted(tenant, event.data.orderId, 'open_invoices', 1)
    } else if (event.type === 'InvoiceVoided') {
      noted(tenant, event.data.orderId, 'open_invoices', -1)
    }
  }
  return [...orders.values()]
}

const openInvoices = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> =>
  stream.some(({ event }) => event.type === 'InvoiceVoided')
    ? []
    : stream.flatMap(({ tenant, event }) =>
        event.type === 'InvoiceIssued'
          ? [{ tenant, invoice_id: event.data.invoiceId, order_id: event.data.orderId }]
          : [],
      )

const refusedStep = (stream: ReadonlyArray<Recorded>): ReadonlyArray<Row> => {
  const last = stream.at(-1)
  if (last?.event.type !== 'StepRefused') return []
  return [{ tenant: last.tenant, step_id: last.streamId, ...last.event.data, refused_at: last.time }]
}

/** What the views that processes ask must hold. */
export const naiveProcesses = (
  streams: ReadonlyArray<ReadonlyArray<Recorded>>,
): { readonly [table: string]: ReadonlyArray<Row> } => ({
  invoicing_orders: invoicingOrders(streams.flat()),
  invoicing_invoices: streams.flatMap(openInvoices),
  refused_steps: streams.flatMap(refusedStep),
})
