import * as E from 'fp-ts/lib/Either.js'
import type { Operation } from '../../schemas/endpoint.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { BookAdjustment } from '../../schemas/requests/commands.ts'
import { adjustments } from '../aggregates.ts'
import { checkBusinessTime } from './business-time.ts'
import type { WriteDependencies } from './write.ts'
import { writeOperation } from './write-operation.ts'

export const adjustmentOperations = (deps: WriteDependencies): ReadonlyArray<Operation> => [
  writeOperation(deps, {
    operationId: 'bookAdjustment',
    path: '/v1/adjustments',
    summary: 'Book an adjustment, such as a bad debt; the amount may be negative',
    tag: 'Adjustments',
    params: Nothing,
    body: BookAdjustment,
    status: 201,
    problems: [
      { status: 403, code: 'backdating_forbidden' },
      { status: 409, code: 'adjustment_id_taken' },
      { status: 422, code: 'future_date' },
    ],
    aggregate: adjustments,
    creates: true,
    idOf: ({ body }) => body.adjustmentId,
    check: ({ caller, body }, now) => checkBusinessTime(caller, 'bookedAt', body.bookedAt, now),
    commandOf: async ({ body }, adjustmentId, now) => {
      const { customerId = null, country = null, amount, reason, bookedAt = now.toISOString() } = body
      return E.right({ type: 'BookAdjustment', adjustmentId, customerId, country, amount, reason, bookedAt })
    },
  }),
]
