import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { CreditNoteCommand } from '../../domain/credit-note/index.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { IssueCreditNote } from '../../schemas/requests/commands.ts'
import { creditNotes, orders } from '../aggregates.ts'
import { assumeEmpty, catchUp } from '../load.ts'
import { checkBusinessTime } from './business-time.ts'
import { priceLines } from './price-lines.ts'
import type { UnknownOrder } from './rejections.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

const orderExists = async (
  store: EventStore,
  tenant: string,
  orderId: string | null,
): Promise<E.Either<UnknownOrder, unknown>> => {
  if (orderId === null) return E.right(undefined)
  const stream = { tenant, type: orders.streamType, id: orderId }
  const { state } = await catchUp(store, orders, assumeEmpty(store, orders, stream))
  return state._tag === 'Unknown' ? E.left({ _tag: 'UnknownOrder', orderId }) : E.right(undefined)
}

export const creditNoteOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'issueCreditNote',
    path: '/v1/credit-notes',
    summary: 'Issue a credit note; quantities are positive, reports count them negative',
    tag: 'Credit notes',
    params: Nothing,
    body: IssueCreditNote,
    status: 201,
    problems: [
      { status: 403, code: 'backdating_forbidden' },
      { status: 409, code: 'credit_note_id_taken' },
      { status: 422, code: 'invalid_lines' },
      { status: 422, code: 'unknown_order' },
      { status: 422, code: 'future_date' },
    ],
    aggregate: creditNotes,
    creates: true,
    idOf: ({ body }) => body.creditNoteId,
    check: ({ caller, body }, now) => checkBusinessTime(caller, 'issuedAt', body.issuedAt, now),
    commandOf: async ({ caller, body }, creditNoteId, now) => {
      const { orderId = null, customerId = null, country = null, currency, issuedAt = now.toISOString() } = body
      const existing = await orderExists(deps.store, caller.tenant, orderId)
      if (E.isLeft(existing)) return existing
      return pipe(
        await priceLines(deps.store, caller.tenant, currency, body.lines),
        E.map((lines): CreditNoteCommand => {
          return { type: 'IssueCreditNote', creditNoteId, orderId, customerId, country, currency, issuedAt, lines }
        }),
      )
    },
  }),
]
