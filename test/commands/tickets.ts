import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { aggregate } from '../../commands/aggregate.ts'
import type { ConstrainedAggregate } from '../../commands/constrained-store.ts'
import { executeTransaction, type TransactionDependencies } from '../../commands/execute-transaction.ts'
import type { Constraint } from '../../domain/constraint.ts'
import type { EventStore, Position, StreamName } from '../../infra/event-store/port.ts'

const TicketEvent = t.union([
  t.strict({
    type: t.literal('TicketIssued'),
    schemaVersion: t.literal(1),
    data: t.strict({ seat: t.string, number: t.number }),
  }),
  t.strict({ type: t.literal('TicketReturned'), schemaVersion: t.literal(1), data: t.strict({ seat: t.string }) }),
  t.strict({ type: t.literal('TicketPrinted'), schemaVersion: t.literal(1), data: t.strict({}) }),
])
type TicketEvent = t.TypeOf<typeof TicketEvent>

type State = { readonly seat: string | null; readonly issued: boolean }
type Command =
  | { readonly type: 'Issue'; readonly seat: string; readonly number: number }
  | { readonly type: 'Return' }
  | { readonly type: 'Print' }
type Rejection = { readonly _tag: 'NotToday' }

const decide = (command: Command, { seat, issued }: State): E.Either<Rejection, ReadonlyArray<TicketEvent>> => {
  if (command.type === 'Print') return E.right([{ type: 'TicketPrinted', schemaVersion: 1, data: {} }])
  if (command.type === 'Issue') {
    const { number } = command
    return issued
      ? E.left({ _tag: 'NotToday' })
      : E.right([{ type: 'TicketIssued', schemaVersion: 1, data: { seat: command.seat, number } }])
  }
  return seat === null
    ? E.left({ _tag: 'NotToday' })
    : E.right([{ type: 'TicketReturned', schemaVersion: 1, data: { seat } }])
}

const evolve = (state: State, event: TicketEvent): State => {
  if (event.type === 'TicketPrinted') return state
  return { seat: event.type === 'TicketIssued' ? event.data.seat : null, issued: true }
}

const constraintsOf = (event: TicketEvent): ReadonlyArray<Constraint> => {
  if (event.type === 'TicketPrinted') return []
  const { seat } = event.data
  return event.type === 'TicketReturned'
    ? [{ _tag: 'Release', scope: 'seat', value: seat }]
    : [
        { _tag: 'Claim', scope: 'seat', value: seat },
        { _tag: 'Number', sequence: 'ticket', number: event.data.number },
      ]
}

/** Numbered tickets, each for a seat that one ticket has at a time: the smallest aggregate that claims, releases and counts. */
export const tickets: ConstrainedAggregate<State, Command, TicketEvent, Rejection> = {
  ...aggregate('ticket', { initial: { seat: null, issued: false }, evolve, decide }, TicketEvent),
  constraintsOf,
}

type Ticket = { readonly tenant?: string; readonly id: string; readonly commandId?: string }

const about = ({ tenant = 'acme', id, commandId = id }: Ticket, creates: boolean) => ({
  stream: { tenant, type: tickets.streamType, id },
  commandId,
  fingerprint: 'f'.repeat(64),
  creates,
  actor: { subject: 'tester', roles: [] },
  correlationId: 'correlation',
  causationId: null,
  reserved: ({ holder }: { readonly holder: StreamName }) => ({ _tag: 'SeatTaken', by: holder.id }) as const,
})

/** The box office of one process. */
export const boxOffice = (deps: TransactionDependencies) => {
  const execute = executeTransaction(deps)
  return {
    issue: (ticket: Ticket & { readonly seat: string; readonly basis?: () => Promise<Position> }) =>
      execute(tickets, {
        ...about(ticket, true),
        intent: async () =>
          E.right({
            basis: ticket.basis ? [await ticket.basis()] : [],
            sequence: 'ticket',
            numbered: (number: number) => ({ type: 'Issue', seat: ticket.seat, number }) as const,
          }),
      }),
    give: (ticket: Ticket, type: 'Return' | 'Print') =>
      execute(tickets, {
        ...about({ ...ticket, commandId: ticket.commandId ?? `${type} ${ticket.id}` }, false),
        intent: async () => E.right({ basis: [], command: { type } as const }),
      }),
  }
}

/** The numbers that a ticket's stream holds. */
export const numbersIn = async (store: EventStore, stream: StreamName): Promise<ReadonlyArray<number>> => {
  const numbers: number[] = []
  for await (const { commit } of store.read(stream)) {
    for (const stored of commit.events) {
      const event = TicketEvent.decode(stored)
      if (E.isRight(event) && event.right.type === 'TicketIssued') numbers.push(event.right.data.number)
    }
  }
  return numbers
}
