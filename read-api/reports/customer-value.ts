import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { strict } from '../../schemas/strict.ts'
import { ClientId, DescribedType } from '../../schemas/text.ts'
import { Day } from '../../schemas/time.ts'
import { Figure } from '../one-currency.ts'
import { Count } from '../replies.ts'
import { orderingOf, type RowPosition, sortBy } from '../row-order.ts'
import { IntegerColumn, money, NumericColumn, select } from '../rows.ts'

const Score = new DescribedType<number>(
  'Score',
  {
    type: 'integer',
    minimum: 1,
    maximum: 5,
    description: '5 is the best fifth of the customers; equal ones are in one.',
  },
  (input) => (typeof input === 'number' && [1, 2, 3, 4, 5].includes(input) ? input : undefined),
  'must be a score from 1 to 5',
)

/** `net`: orders less credit notes, and adjustments, as in the sales report. Each score is among the customers of the report. */
export const CustomerValue = t.strict(
  {
    customerId: ClientId,
    lastOrder: Day,
    daysSince: Count,
    orders: Count,
    net: Figure,
    scores: t.strict({ recency: Score, frequency: Score, monetary: Score }),
  },
  'CustomerValue',
)
type CustomerValue = t.TypeOf<typeof CustomerValue>

const CustomerRow = strict({
  key: ClientId,
  last_order: Day,
  days_since: IntegerColumn,
  orders: IntegerColumn,
  net: NumericColumn,
  recency: IntegerColumn,
  frequency: IntegerColumn,
  monetary: IntegerColumn,
})
type CustomerRow = t.TypeOf<typeof CustomerRow>

export const Sort = sortBy(
  'CustomerSort',
  { customerId: 'key', daysSince: 'days_since', orders: 'orders', net: 'net' },
  'Default: "-net". Ties go by customer.',
)
export type CustomerOrder = t.TypeOf<typeof Sort>

/** Fifths by the share of customers that are strictly worse, so that equal customers have equal scores. */
const scoreBy = (column: string): string => `5 * (rank() OVER (ORDER BY ${column}) - 1) / count(*) OVER () + 1`

const SCORED = `
  SELECT key, last_order, $3::date - last_order AS days_since, orders, net,
         ${scoreBy('last_order')} AS recency, ${scoreBy('orders')} AS frequency, ${scoreBy('net')} AS monetary
    FROM (SELECT customer_id AS key, max(day) FILTER (WHERE orders > 0) AS last_order, sum(orders) AS orders, sum(net) AS net
            FROM customer_days
           WHERE tenant = $1 AND currency = $2 AND day <= $3::date
           GROUP BY customer_id HAVING sum(orders) > 0) AS customers`

type Filter = { readonly tenant: string; readonly currency: string; readonly asOf: string }

/** Customers behind a position in an order, at most `limit`. */
export const customerRows = (
  asked: Asked,
  { tenant, currency, asOf }: Filter,
  order: CustomerOrder,
  after: RowPosition | undefined,
  limit: number,
): Promise<ReadonlyArray<CustomerRow>> => {
  const ordering = orderingOf(order, ['$4', '$5'])
  const sql = `
    WITH scored AS (${SCORED})
    SELECT * FROM scored WHERE ${ordering.after} ORDER BY ${ordering.by} LIMIT $6`
  const [value, key] = after ?? [null, null]
  return select(asked, CustomerRow, sql, [tenant, currency, asOf, value, key, limit])
}

/** Of the tenant's customers, in alphabetical order. */
export const CURRENCIES = `SELECT DISTINCT currency FROM customer_days WHERE tenant = $1 AND orders > 0 ORDER BY currency`

export const customerOf = (row: CustomerRow, currency: string): CustomerValue => ({
  customerId: row.key,
  lastOrder: row.last_order,
  daysSince: row.days_since,
  orders: row.orders,
  net: money(row.net, currency),
  scores: { recency: row.recency, frequency: row.frequency, monetary: row.monetary },
})
