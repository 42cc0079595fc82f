import type { StockEvent } from '../../schemas/events/stock.ts'
import type { Decider } from '../decider.ts'
import { decide, type StockCommand } from './decide.ts'
import { evolve } from './evolve.ts'
import type { StockRejection } from './rejections.ts'
import { initial, StockState } from './state.ts'

export type { StockCommand, StockRejection }
export { StockState }

export const stock: Decider<StockState, StockCommand, StockEvent, StockRejection> = { initial, evolve, decide }
