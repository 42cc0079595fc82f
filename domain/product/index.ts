import type { ProductEvent } from '../../schemas/events/product.ts'
import type { Decider } from '../decider.ts'
import { decide, type ProductCommand } from './decide.ts'
import { evolve } from './evolve.ts'
import type { ProductRejection } from './rejections.ts'
import { initial, ProductState } from './state.ts'

export type { ProductCommand, ProductRejection }
export { ProductState }

export const product: Decider<ProductState, ProductCommand, ProductEvent, ProductRejection> = {
  initial,
  evolve,
  decide,
}
