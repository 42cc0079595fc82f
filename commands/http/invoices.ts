import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { CorruptCommit, type EventStore, type StreamName } from '../../infra/event-store/port.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { InvoiceIssued } from '../../schemas/events/invoice.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { IdPath, IssueInvoice, VoidInvoice } from '../../schemas/requests/commands.ts'
import { NumberedWritten, Written } from '../../schemas/written.ts'
import { invoices } from '../aggregates.ts'
import { issueInvoice, voidInvoice } from '../invoicing/invoices.ts'
import { checkBusinessTime } from './business-time.ts'
import type { WriteDependencies } from './write.ts'
import { runOperation } from './write-operation.ts'

const tag = 'Invoices'

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
    run: async ({ body: { orderId, issuedAt } }, about, now) => {
      const done = await issueInvoice(deps)(about, orderId, issuedAt ?? now.toISOString())
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
    run: async ({ body: { reason } }, about, now) =>
      pipe(
        await voidInvoice(deps)(about, reason, now.toISOString()),
        E.map(({ number: _, ...outcome }) => [outcome, {}]),
      ),
  }),
]
