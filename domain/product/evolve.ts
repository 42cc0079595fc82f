import type { ProductEvent } from '../../schemas/events/product.ts'
import type { ProductState } from './state.ts'

export const evolve = (state: ProductState, event: ProductEvent): ProductState => {
  switch (event.type) {
    case 'ProductAdded': {
      const { name, category, price } = event.data
      return { _tag: 'Active', name, category, price }
    }
    case 'ProductPriceChanged':
      return state._tag === 'Unknown' ? state : { ...state, price: event.data.price }
    case 'ProductDiscontinued':
      return state._tag === 'Active' ? { ...state, _tag: 'Discontinued', reason: event.data.reason } : state
  }
}
