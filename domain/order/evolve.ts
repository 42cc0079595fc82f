import type { OrderEvent } from '../../schemas/events/order.ts'
import type { OrderState } from './state.ts'

export const evolve = (state: OrderState, event: OrderEvent): OrderState => {
  switch (event.type) {
    case 'OrderPlaced': {
      const { orderId: _, ...sale } = event.data
      return { _tag: 'Placed', sale }
    }
    case 'OrderCancelled':
      return state._tag === 'Placed' ? { _tag: 'Cancelled', sale: state.sale } : state
  }
}
