import * as t from 'io-ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { CreditNoteEvent } from '../../schemas/events/credit-note.ts'
import { Currency, Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { problem } from '../../schemas/problem.ts'
import { ClientId, Country } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import type { Entity } from '../entity.ts'
import { OrderLine, orderLineOf } from '../orders/order-line.ts'
import { Version } from '../replies.ts'
import { money } from '../rows.ts'

/** Quantities and amounts are positive: what the customer is given back. */
export const CreditNote = t.strict(
  {
    id: ClientId,
    orderId: nullable(ClientId),
    customerId: nullable(ClientId),
    country: nullable(Country),
    currency: Currency,
    issuedAt: Instant,
    total: Price,
    version: Version,
    lines: t.readonlyArray(OrderLine),
  },
  'CreditNote',
)
type CreditNote = t.TypeOf<typeof CreditNote>

export const creditNoteEntity: Entity<{ readonly id: string }, CreditNoteEvent, CreditNote | null, CreditNote> = {
  name: 'CreditNote',
  noun: 'a credit note',
  tag: 'Credit notes',
  streamType: 'credit-note',
  path: '/v1/credit-notes/{id}',
  params: t.strict({ id: ClientId }),
  idOf: ({ id }) => id,
  notFound: problem(404, 'credit_note_not_found', 'There is no such credit note'),
  decode: recordedEventsOf({ 'credit-note': CreditNoteEvent }),
  initial: null,
  evolve: (_, { streamId: id, version, event: { data } }) => {
    const { orderId, customerId, country, currency, issuedAt, total } = data
    const lines = data.lines.map((line) => orderLineOf(line, currency))
    return { id, orderId, customerId, country, currency, issuedAt, total: money(total, currency), version, lines }
  },
  show: (creditNote) => creditNote,
}
