import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { fold } from '../../domain/fold.ts'
import { invoice } from '../../domain/invoice/index.ts'
import { CorruptCommit, type EventStore, type StreamName } from '../../infra/event-store/port.ts'
import { type Operation, operation, READERS } from '../../schemas/endpoint.ts'
import { InvoiceEvent } from '../../schemas/events/invoice.ts'
import { Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { problem } from '../../schemas/problem.ts'
import { SequenceNumber } from '../../schemas/sequence-number.ts'
import { ClientId, Reason } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { choice } from '../choice.ts'
import type { ReadDeps } from '../read-deps.ts'
import { Version, versioned } from '../replies.ts'
import { money } from '../rows.ts'

const Invoice = t.strict(
  {
    id: ClientId,
    number: SequenceNumber,
    status: choice('InvoiceStatus', ['issued', 'voided']),
    orderId: ClientId,
    customerId: nullable(ClientId),
    total: Price,
    issuedAt: Instant,
    voidedAt: nullable(Instant),
    voidingReason: nullable(Reason),
    version: Version,
  },
  'Invoice',
)
type Invoice = t.TypeOf<typeof Invoice>

const NOT_FOUND = { status: 404, code: 'invoice_not_found' } as const

/** Throws what the event store throws, and `CorruptCommit` on an event that is none of an invoice's. */
const invoiceIn = async (events: Pick<EventStore, 'read'>, stream: StreamName): Promise<Invoice | undefined> => {
  const found: InvoiceEvent[] = []
  for await (const { commit } of events.read(stream)) {
    for (const [index, stored] of commit.events.entries()) {
      const event = InvoiceEvent.decode(stored)
      if (E.isLeft(event)) {
        throw new CorruptCommit(stream, commit.version + index, `its ${stored.type} does not decode`)
      }
      found.push(event.right)
    }
  }
  const state = fold(invoice, found)
  if (state._tag === 'Unknown') return undefined
  const { number, orderId, customerId, currency, total, issuedAt } = state.document
  const voiding =
    state._tag === 'Voided'
      ? { status: 'voided' as const, voidedAt: state.voidedAt, voidingReason: state.reason }
      : { status: 'issued' as const, voidedAt: null, voidingReason: null }
  const document = { number, orderId, customerId, total: money(total, currency), issuedAt }
  return { id: stream.id, ...document, ...voiding, version: found.length }
}

/** An invoice, read consistently from its events: it shows every write that was answered, without waiting. */
export const getInvoice = ({ events }: ReadDeps): Operation =>
  operation({
    method: 'GET',
    path: '/v1/invoices/{id}',
    operationId: 'getInvoice',
    summary: 'An invoice',
    tag: 'Invoices',
    roles: READERS,
    headers: [],
    problems: [NOT_FOUND],
    params: t.strict({ id: ClientId }),
    query: t.strict({}),
    body: t.unknown,
    reply: { status: 200, description: 'The invoice', body: Invoice },
    handle: async ({ caller: { tenant }, params: { id } }) => {
      const found = await invoiceIn(events, { tenant, type: 'invoice', id })
      return found === undefined
        ? E.left(problem(NOT_FOUND.status, NOT_FOUND.code, 'There is no such invoice'))
        : versioned(found)
    },
  })
