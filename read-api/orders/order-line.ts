import Big from 'big.js'
import * as t from 'io-ts'
import type { Line } from '../../schemas/lines.ts'
import { canonicalDecimal, Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { Description, PositiveQuantity, Sku } from '../../schemas/text.ts'
import { IntegerColumn, money, NumericColumn } from '../rows.ts'

/** A line of an order or of a credit note. */
export const OrderLine = t.strict(
  { sku: Sku, description: nullable(Description), quantity: PositiveQuantity, unitPrice: Price, amount: Price },
  'OrderLine',
)
type OrderLine = t.TypeOf<typeof OrderLine>

/** A row of the view `order_lines`. */
export const OrderLineRow = strict({
  line_no: IntegerColumn,
  sku: Sku,
  description: nullable(Description),
  quantity: IntegerColumn,
  unit_price: NumericColumn,
})
export type OrderLineRow = t.TypeOf<typeof OrderLineRow>

export const orderLineOf = ({ sku, description, quantity, unitPrice }: Line, currency: string): OrderLine => ({
  sku,
  description,
  quantity,
  unitPrice: money(unitPrice, currency),
  amount: money(canonicalDecimal(new Big(unitPrice).times(quantity).toFixed()), currency),
})
