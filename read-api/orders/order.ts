import * as t from 'io-ts'
import { Currency, Price } from '../../schemas/money.ts'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { ClientId, Country, Reason } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { choice } from '../choice.ts'
import { Count, Version } from '../replies.ts'
import { IntegerColumn, money, NumericColumn } from '../rows.ts'
import { OrderLine, type OrderLineRow, orderLineOf } from './order-line.ts'

export const OrderStatus = choice('OrderStatus', ['placed', 'cancelled'])

const header = {
  id: ClientId,
  orderId: ClientId,
  status: OrderStatus,
  customerId: nullable(ClientId),
  country: nullable(Country),
  currency: Currency,
  placedAt: Instant,
  total: Price,
  cancelledAt: nullable(Instant),
  cancellationReason: nullable(Reason),
  version: Version,
}

export const Order = t.strict({ ...header, lines: t.readonlyArray(OrderLine) }, 'Order')
export type Order = t.TypeOf<typeof Order>

/** An order in a list: without its lines. */
export const OrderSummary = t.strict({ ...header, lineCount: Count }, 'OrderSummary')
export type OrderSummary = t.TypeOf<typeof OrderSummary>

/** A row of the view `orders`. */
export const OrderRow = strict({
  order_id: ClientId,
  version: IntegerColumn,
  status: OrderStatus,
  customer_id: nullable(ClientId),
  country: nullable(Country),
  currency: Currency,
  placed_at: Instant,
  total: NumericColumn,
  line_count: IntegerColumn,
  cancelled_at: nullable(Instant),
  cancellation_reason: nullable(Reason),
})
export type OrderRow = t.TypeOf<typeof OrderRow>

/** What a query of orders selects; it continues with its own conditions. */
export const SELECT_ORDERS = `
  SELECT order_id, version, status, customer_id, country, currency, placed_at, total, line_count,
         cancelled_at, cancellation_reason
    FROM orders`

const headerOf = (row: OrderRow): Omit<OrderSummary, 'lineCount'> => ({
  id: row.order_id,
  orderId: row.order_id,
  status: row.status,
  customerId: row.customer_id,
  country: row.country,
  currency: row.currency,
  placedAt: row.placed_at,
  total: money(row.total, row.currency),
  cancelledAt: row.cancelled_at,
  cancellationReason: row.cancellation_reason,
  version: row.version,
})

export const summaryOf = (row: OrderRow): OrderSummary => ({ ...headerOf(row), lineCount: row.line_count })

/** @param lines in the order of their numbers. */
export const orderOf = (row: OrderRow, lines: ReadonlyArray<OrderLineRow>): Order => ({
  ...headerOf(row),
  lines: lines.map(({ unit_price, ...line }) => orderLineOf({ ...line, unitPrice: unit_price }, row.currency)),
})
