import type { StockEvent } from '../../schemas/events/stock.ts'
import type { StockState } from './state.ts'

export const evolve = (state: StockState, event: StockEvent): StockState => ({
  onHand: state.onHand + event.data.quantity,
})
