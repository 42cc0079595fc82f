import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { OrderCommand } from '../../domain/order/index.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { CancelOrder, IdPath, PlaceOrder } from '../../schemas/requests/commands.ts'
import { orders } from '../aggregates.ts'
import { checkBusinessTime } from './business-time.ts'
import { priceLines } from './price-lines.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

const tag = 'Orders'

export const orderOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'placeOrder',
    path: '/v1/orders',
    summary: 'Place an order; a line without a price takes the catalogue’s',
    tag,
    params: Nothing,
    body: PlaceOrder,
    status: 201,
    problems: [
      { status: 403, code: 'backdating_forbidden' },
      { status: 409, code: 'order_id_taken' },
      { status: 422, code: 'invalid_lines' },
      { status: 422, code: 'future_date' },
    ],
    aggregate: orders,
    creates: true,
    idOf: ({ body }) => body.orderId,
    check: ({ caller, body }, now) => checkBusinessTime(caller, 'placedAt', body.placedAt, now),
    commandOf: async ({ caller, body }, orderId, now) => {
      const { customerId = null, country = null, currency, placedAt = now.toISOString() } = body
      return pipe(
        await priceLines(deps.store, caller.tenant, currency, body.lines),
        E.map(
          (lines): OrderCommand => ({ type: 'PlaceOrder', orderId, customerId, country, currency, placedAt, lines }),
        ),
      )
    },
  }),
  writeOperation(deps, {
    operationId: 'cancelOrder',
    path: '/v1/orders/{id}/cancellation',
    summary: 'Cancel an order',
    tag,
    params: IdPath,
    body: CancelOrder,
    status: 200,
    problems: [
      { status: 404, code: 'order_not_found' },
      { status: 409, code: 'order_cancelled' },
    ],
    aggregate: orders,
    creates: false,
    idOf: ({ params }) => params.id,
    commandOf: async ({ body: { reason } }, orderId, now) =>
      E.right({ type: 'CancelOrder', orderId, reason, cancelledAt: now.toISOString() }),
  }),
]
