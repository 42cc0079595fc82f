import * as t from 'io-ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { InvoiceEvent } from '../../schemas/events/invoice.ts'
import { Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { problem } from '../../schemas/problem.ts'
import { SequenceNumber } from '../../schemas/sequence-number.ts'
import { ClientId, Reason } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { choice } from '../choice.ts'
import type { Entity } from '../entity.ts'
import { Version } from '../replies.ts'
import { money } from '../rows.ts'

export const Invoice = t.strict(
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

export const invoiceEntity: Entity<{ readonly id: string }, InvoiceEvent, Invoice | null, Invoice> = {
  name: 'Invoice',
  noun: 'an invoice',
  tag: 'Invoices',
  streamType: 'invoice',
  path: '/v1/invoices/{id}',
  params: t.strict({ id: ClientId }),
  idOf: ({ id }) => id,
  notFound: problem(404, 'invoice_not_found', 'There is no such invoice'),
  decode: recordedEventsOf({ invoice: InvoiceEvent }),
  initial: null,
  evolve: (invoice, { streamId: id, version, event }) => {
    switch (event.type) {
      case 'InvoiceIssued': {
        const { number, orderId, customerId, total, currency, issuedAt } = event.data
        const document = { id, number, orderId, customerId, total: money(total, currency), issuedAt }
        return { ...document, status: 'issued', voidedAt: null, voidingReason: null, version }
      }
      case 'InvoiceVoided': {
        const { voidedAt, reason: voidingReason } = event.data
        return invoice && { ...invoice, status: 'voided', voidedAt, voidingReason, version }
      }
    }
  },
  show: (invoice) => invoice,
}
