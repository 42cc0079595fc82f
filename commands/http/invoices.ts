import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { INVOICE_NUMBERS, type InvoiceCommand, type InvoiceRejection } from '../../domain/invoice/index.ts'
import type { OrderRejection } from '../../domain/order/index.ts'
import { CorruptCommit, type EventStore, type StreamName } from '../../infra/event-store/port.ts'
import type { Reserved } from '../../infra/event-store/transaction-port.ts'
import type { Operation, Request } from '../../schemas/endpoint.ts'
import { InvoiceIssued } from '../../schemas/events/invoice.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { IdPath, IssueInvoice, VoidInvoice } from '../../schemas/requests/commands.ts'
import { NumberedWritten, Written } from '../../schemas/written.ts'
import { invoices, orders } from '../aggregates.ts'
import { executeTransaction, type Intent } from '../execute-transaction.ts'
import { assumeEmpty, catchUp } from '../load.ts'
import { checkBusinessTime } from './business-time.ts'
import type { UnknownOrder } from './rejections.ts'
import type { WriteDependencies } from './write.ts'
import { runOperation } from './write-operation.ts'

const tag = 'Invoices'

type NotToBeInvoiced =
  | UnknownOrder
  | Extract<OrderRejection, { readonly _tag: 'OrderIsCancelled' }>
  | Extract<InvoiceRejection, { readonly _tag: 'OrderAlreadyInvoiced' }>

/** An invoice for the order as it stands; it is not issued should the order move before. */
const issuing = async (
  store: EventStore,
  { caller: { tenant }, body }: Request<unknown, unknown, t.TypeOf<typeof IssueInvoice>>,
  invoiceId: string,
  now: Date,
): Promise<E.Either<NotToBeInvoiced, Intent<InvoiceCommand>>> => {
  const { orderId, issuedAt = now.toISOString() } = body
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

/** The number of an invoice that was issued before: that of its first event. Throws `CorruptCommit`. */
const numberOf = async (store: EventStore, stream: StreamName): Promise<number> => {
  for await (const { commit } of store.read(stream, { through: 1 })) {
    const issued = InvoiceIssued.decode(commit.events[0])
    if (E.isRight(issued)) return issued.right.data.number
  }
  throw new CorruptCommit(stream, 1, 'it does not begin with an invoice')
}

export const invoiceOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  runOperation(deps, {
    operationId: 'issueInvoice',
    path: '/v1/invoices',
    summary: 'Invoice an order under the next number of the tenant',
    tag,
    params: Nothing,
    body: IssueInvoice,
    status: 201,
    problems: [
      { status: 403, code: 'backdating_forbidden' },
      { status: 409, code: 'invoice_id_taken' },
      { status: 409, code: 'order_already_invoiced' },
      { status: 409, code: 'order_cancelled' },
      { status: 422, code: 'unknown_order' },
      { status: 422, code: 'future_date' },
    ],
    streamType: invoices.streamType,
    creates: true,
    idOf: ({ body }) => body.invoiceId,
    check: ({ caller, body }, now) => checkBusinessTime(caller, 'issuedAt', body.issuedAt, now),
    answer: NumberedWritten,
    run: async (request, about, now) => {
      const intent = () => issuing(deps.store, request, about.stream.id, now)
      const done = await executeTransaction(deps)(invoices, { ...about, intent, reserved: alreadyInvoiced })
      if (E.isLeft(done)) return done
      const { number, ...outcome } = done.right
      return E.right([outcome, { number: number ?? (await numberOf(deps.store, about.stream)) }])
    },
  }),
  runOperation(deps, {
    operationId: 'voidInvoice',
    path: '/v1/invoices/{id}/voiding',
    summary: 'Void an invoice; its number stays used, its order can be invoiced anew',
    tag,
    params: IdPath,
    body: VoidInvoice,
    status: 200,
    problems: [
      { status: 404, code: 'invoice_not_found' },
      { status: 409, code: 'invoice_voided' },
    ],
    streamType: invoices.streamType,
    creates: false,
    idOf: ({ params }) => params.id,
    answer: Written,
    run: async ({ params, body: { reason } }, about, now) => {
      const command: InvoiceCommand = {
        type: 'VoidInvoice',
        invoiceId: params.id,
        reason,
        voidedAt: now.toISOString(),
      }
      const intent = async () => E.right({ basis: [], command })
      return pipe(
        await executeTransaction(deps)(invoices, { ...about, intent, reserved: alreadyInvoiced }),
        E.map(({ number: _, ...outcome }) => [outcome, {}]),
      )
    },
  }),
]
