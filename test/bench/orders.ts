import * as E from 'fp-ts/lib/Either.js'
import { type OrderCommand, order } from '../../domain/order/index.ts'
import type { Sealed } from '../../infra/event-store/commit.ts'
import type { Line } from '../../schemas/lines.ts'
import { canonicalDecimal } from '../../schemas/money.ts'
import { firstCommit } from './sealing.ts'

export const CURRENCY = 'GBP'

export const DESCRIPTIONS = [
  'WHITE HANGING HEART T-LIGHT HOLDER',
  'REGENCY CAKESTAND 3 TIER',
  'JUMBO BAG RED RETROSPOT',
  'ASSORTED COLOUR BIRD ORNAMENT',
  'PARTY BUNTING',
  'SET OF 3 CAKE TINS PANTRY DESIGN',
  "PAPER CHAIN KIT 50'S CHRISTMAS",
]
const COUNTRIES = ['United Kingdom', 'Germany', 'France', 'EIRE', 'Netherlands']

/** About as a half-year of a wholesaler: 3,000 products, 4,000 customers, an order every 24 minutes for 182 days. */
const PRODUCTS = 3_000
/** Order number `nth + CUSTOMERS` is of the same customer as order number `nth`. */
export const CUSTOMERS = 4_000
const HALF_YEAR = 10_920
const FIRST_ORDER = Date.UTC(2010, 11, 1, 8)
const BETWEEN_ORDERS_MS = 24 * 60_000

const lineOf = (nth: number, index: number): Line => {
  const product = (nth * 131 + index * 977) % PRODUCTS
  return {
    sku: `${20_000 + product}${product % 5 === 0 ? 'A' : ''}`,
    description: DESCRIPTIONS[product % DESCRIPTIONS.length] ?? null,
    quantity: 1 + ((nth + index * 5) % 24),
    unitPrice: canonicalDecimal(((21 + ((product * 29) % 1_200)) / 100).toFixed(2)),
  }
}

export type PlaceOrder = Extract<OrderCommand, { readonly type: 'PlaceOrder' }>

/** The same order for the same number, always. */
export const orderOf = (nth: number, lines: number): PlaceOrder => ({
  type: 'PlaceOrder',
  orderId: `${536_365 + nth}`,
  customerId: `${12_346 + ((nth * 37) % CUSTOMERS)}`,
  country: COUNTRIES[nth % 11 === 0 ? nth % COUNTRIES.length : 0] ?? null,
  currency: CURRENCY,
  placedAt: new Date(FIRST_ORDER + (nth % HALF_YEAR) * BETWEEN_ORDERS_MS).toISOString(),
  lines: Array.from({ length: lines }, (_, index) => lineOf(nth, index)),
})

/** The order as a client sends it to `POST /v1/orders`. */
export const requestOf = ({ type: _, lines, ...placed }: PlaceOrder): string =>
  JSON.stringify({
    ...placed,
    lines: lines.map((line) => ({ ...line, unitPrice: { amount: line.unitPrice, currency: placed.currency } })),
  })

/** The commit that placing this order makes, sealed as the event store does. */
export const commitOf = (tenant: string, command: PlaceOrder): Sealed => {
  const decided = order.decide(command, order.initial)
  if (E.isLeft(decided)) throw new Error(`the order was rejected: ${decided.left._tag}`)
  return firstCommit({ tenant, type: 'order', id: command.orderId }, decided.right)
}
