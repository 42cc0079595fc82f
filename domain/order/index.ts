import type { OrderEvent } from '../../schemas/events/order.ts'
import type { Decider } from '../decider.ts'
import { decide, type OrderCommand } from './decide.ts'
import { evolve } from './evolve.ts'
import type { OrderRejection } from './rejections.ts'
import { initial, type OrderState } from './state.ts'

export type { OrderCommand, OrderRejection, OrderState }

export const order: Decider<OrderState, OrderCommand, OrderEvent, OrderRejection> = { initial, evolve, decide }
