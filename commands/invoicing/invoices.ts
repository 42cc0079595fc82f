import * as E from 'fp-ts/lib/Either.js'
import { INVOICE_NUMBERS, type InvoiceCommand, type InvoiceRejection } from '../../domain/invoice/index.ts'
import type { OrderRejection } from '../../domain/order/index.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { OverLimit, Reserved } from '../../infra/event-store/transaction-port.ts'
import { invoices, orders } from '../aggregates.ts'
import type { CommandRequest, Failure } from '../execute-command.ts'
import {
  executeTransaction,
  type Intent,
  type NumberedOutcome,
  type TransactionDependencies,
} from '../execute-transaction.ts'
import type { UnknownOrder } from '../http/rejections.ts'
import { assumeEmpty, catchUp } from '../load.ts'

/** What it is about, but for the command: an invoice's stream, who asks, under which command id. */
export type AboutInvoice = Omit<CommandRequest<never, never>, 'command'>

type NotToBeInvoiced =
  | UnknownOrder
  | Extract<OrderRejection, { readonly _tag: 'OrderIsCancelled' }>
  | Extract<InvoiceRejection, { readonly _tag: 'OrderAlreadyInvoiced' }>

type InvoiceFailure = Failure<InvoiceRejection | NotToBeInvoiced> | OverLimit

/** An invoice for the order as it stands; it is not issued should the order move before. */
const issuing = async (
  store: EventStore,
  { tenant, id: invoiceId }: AboutInvoice['stream'],
  orderId: string,
  issuedAt: string,
): Promise<E.Either<NotToBeInvoiced, Intent<InvoiceCommand>>> => {
  const stream = { tenant, type: orders.streamType, id: orderId }
  const { state, position } = await catchUp(store, orders, assumeEmpty(store, orders, stream))
  if (state._tag === 'Unknown') return E.left({ _tag: 'UnknownOrder', orderId })
  if (state._tag === 'Cancelled') return E.left({ _tag: 'OrderIsCancelled' })
  const { customerId, currency, total } = state.sale
  const document = { invoiceId, orderId, customerId, currency, total, issuedAt }
  return E.right({
    basis: [position],
    sequence: INVOICE_NUMBERS,
    numbered: (number) => ({ type: 'IssueInvoice', number, ...document }),
  })
}

const alreadyInvoiced = ({ holder }: Reserved): NotToBeInvoiced => ({
  _tag: 'OrderAlreadyInvoiced',
  invoiceId: holder.id,
})

/** Invoices an order, under the tenant's next number. */
export const issueInvoice =
  (deps: TransactionDependencies) =>
  (about: AboutInvoice, orderId: string, issuedAt: string): Promise<E.Either<InvoiceFailure, NumberedOutcome>> =>
    executeTransaction(deps)(invoices, {
      ...about,
      intent: () => issuing(deps.store, about.stream, orderId, issuedAt),
      reserved: alreadyInvoiced,
    })

/** Voids an invoice; its order can be invoiced anew. */
export const voidInvoice =
  (deps: TransactionDependencies) =>
  (about: AboutInvoice, reason: string, voidedAt: string): Promise<E.Either<InvoiceFailure, NumberedOutcome>> => {
    const command: InvoiceCommand = { type: 'VoidInvoice', invoiceId: about.stream.id, reason, voidedAt }
    const intent = async () => E.right({ basis: [], command })
    return executeTransaction(deps)(invoices, { ...about, intent, reserved: alreadyInvoiced })
  }
