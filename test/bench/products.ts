import * as E from 'fp-ts/lib/Either.js'
import { product } from '../../domain/product/index.ts'
import type { Sealed } from '../../infra/event-store/commit.ts'
import type { ProductDocument } from '../../infra/search/port.ts'
import { CURRENCY, DESCRIPTIONS } from './orders.ts'
import { firstCommit } from './sealing.ts'

const CATEGORIES = ['Lights', 'Kitchen', 'Bags', 'Garden', null]

/** The same product for the same number, always. */
export const productOf = (nth: number): ProductDocument => ({
  sku: `P${nth}`,
  name: `${DESCRIPTIONS[nth % DESCRIPTIONS.length]} ${nth % 997}`,
  category: CATEGORIES[nth % CATEGORIES.length] ?? null,
  price: `${1 + (nth % 1_200)}.25`,
  currency: CURRENCY,
})

/** The commit that adding this product makes. */
export const productCommit = (tenant: string, nth: number): Sealed => {
  const { sku, name, category, price, currency } = productOf(nth)
  const command = { type: 'AddProduct', sku, name, category, price: { amount: price, currency }, images: [] } as const
  const decided = product.decide(command, product.initial)
  if (E.isLeft(decided)) throw new Error(`the product was rejected: ${decided.left._tag}`)
  return firstCommit({ tenant, type: 'product', id: sku }, decided.right)
}
