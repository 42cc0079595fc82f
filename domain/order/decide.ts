import * as E from 'fp-ts/lib/Either.js'
import type { OrderEvent } from '../../schemas/events/order.ts'
import type { Line } from '../../schemas/lines.ts'
import { isStorableTotal, totalOf } from '../amounts.ts'
import type { OrderRejection } from './rejections.ts'
import type { OrderState } from './state.ts'

type PlaceOrder = {
  readonly type: 'PlaceOrder'
  readonly orderId: string
  readonly customerId: string | null
  readonly country: string | null
  readonly currency: string
  readonly placedAt: string
  readonly lines: ReadonlyArray<Line>
}

type CancelOrder = {
  readonly type: 'CancelOrder'
  readonly orderId: string
  readonly reason: string
  readonly cancelledAt: string
}

export type OrderCommand = PlaceOrder | CancelOrder

type Decision = E.Either<OrderRejection, ReadonlyArray<OrderEvent>>

const place = ({ type: _, ...order }: PlaceOrder, state: OrderState): Decision => {
  if (state._tag !== 'Unknown') return E.left({ _tag: 'OrderIdTaken' })
  const total = totalOf(order.lines)
  if (!isStorableTotal(total)) return E.left({ _tag: 'TotalOutOfRange' })
  return E.right([{ type: 'OrderPlaced', schemaVersion: 1, data: { ...order, total } }])
}

const cancel = ({ type: _, ...cancellation }: CancelOrder, state: OrderState): Decision => {
  switch (state._tag) {
    case 'Unknown':
      return E.left({ _tag: 'OrderNotFound' })
    case 'Cancelled':
      return E.left({ _tag: 'OrderIsCancelled' })
    case 'Placed':
      return E.right([{ type: 'OrderCancelled', schemaVersion: 1, data: { ...cancellation, ...state.sale } }])
  }
}

export const decide = (command: OrderCommand, state: OrderState): Decision =>
  command.type === 'PlaceOrder' ? place(command, state) : cancel(command, state)
