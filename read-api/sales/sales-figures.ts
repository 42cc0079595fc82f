import * as t from 'io-ts'
import type { ClientBase } from 'pg'
import { nullable } from '../../schemas/nullable.ts'
import { strict } from '../../schemas/strict.ts'
import { DAY_KEYS } from '../day-keys.ts'
import { Figure } from '../one-currency.ts'
import { Count, Pieces } from '../replies.ts'
import { orderingOf, type RowPosition } from '../row-order.ts'
import { IntegerColumn, money, NumericColumn, select } from '../rows.ts'
import type { GroupBy, SalesOrder } from './sales-order.ts'

const figures = {
  invoices: Count,
  creditNotes: Count,
  units: Pieces,
  gross: Figure,
  credits: Figure,
  adjustments: Figure,
  net: Figure,
}

export const SalesTotal = t.strict(figures, 'SalesTotal')
export type SalesTotal = t.TypeOf<typeof SalesTotal>

/** `key` is null for documents without customer, country or product. */
export const SalesRow = t.strict({ key: nullable(t.string), ...figures }, 'SalesRow')
export type SalesRow = t.TypeOf<typeof SalesRow>

const FiguresRow = strict({
  key: t.string,
  invoices: IntegerColumn,
  credit_notes: IntegerColumn,
  units: IntegerColumn,
  gross: NumericColumn,
  credits: NumericColumn,
  adjustments: NumericColumn,
  net: NumericColumn,
})
export type FiguresRow = t.TypeOf<typeof FiguresRow>

/** What a report is of: one tenant, one currency, business days from and to, both inclusive (`null`: no bound). */
export type SalesFilter = {
  readonly tenant: string
  readonly currency: string
  readonly from: string | null
  readonly to: string | null
}

/** Where the view keeps a grouping, and its key of a row; weeks and months are sums of days. */
const GROUPINGS = {
  day: { dimension: 'day', key: DAY_KEYS.day },
  week: { dimension: 'day', key: DAY_KEYS.week },
  month: { dimension: 'day', key: DAY_KEYS.month },
  country: { dimension: 'country', key: 'key' },
  customer: { dimension: 'customer', key: 'key' },
  product: { dimension: 'product', key: 'key' },
} as const satisfies { readonly [G in GroupBy]: { readonly dimension: string; readonly key: string } }

const SUMS = `
  sum(invoices) AS invoices, sum(credit_notes) AS credit_notes, sum(units) AS units, sum(gross) AS gross,
  sum(credits) AS credits, sum(adjustments) AS adjustments, sum(gross) + sum(credits) + sum(adjustments) AS net`

/** Without its cancelled orders a row has no document left, and all its figures are zero. */
const HAS_DOCUMENTS = '(invoices > 0 OR credit_notes > 0 OR bookings > 0)'

const FILTERED = `
  FROM sales
 WHERE tenant = $1 AND dimension = $2 AND currency = $3
   AND day >= coalesce($4::date, '-infinity') AND day <= coalesce($5::date, 'infinity')
   AND ${HAS_DOCUMENTS}`

const parametersOf = ({ tenant, currency, from, to }: SalesFilter, dimension: string) => [
  tenant,
  dimension,
  currency,
  from,
  to,
]

/** Rows behind a position in an order, at most `limit`. */
export const salesRows = (
  client: ClientBase,
  filter: SalesFilter,
  groupBy: GroupBy,
  order: SalesOrder,
  after: RowPosition | undefined,
  limit: number,
): Promise<ReadonlyArray<FiguresRow>> => {
  const { dimension, key } = GROUPINGS[groupBy]
  const ordering = orderingOf(order, ['$6', '$7'])
  const sql = `
    WITH grouped AS (SELECT ${key} COLLATE "C" AS key, ${SUMS} ${FILTERED} GROUP BY 1)
    SELECT * FROM grouped WHERE ${ordering.after} ORDER BY ${ordering.by} LIMIT $8`
  const [value, lastKey] = after ?? [null, null]
  return select(client, FiguresRow, sql, [...parametersOf(filter, dimension), value, lastKey, limit])
}

const TOTAL = `SELECT '' AS key, ${SUMS} ${FILTERED} HAVING count(*) > 0`

/** Over all documents of the filter, whatever a report groups by; each counts once. `undefined`: there are none. */
export const salesTotal = async (client: ClientBase, filter: SalesFilter): Promise<FiguresRow | undefined> =>
  (await select(client, FiguresRow, TOTAL, parametersOf(filter, 'day')))[0]

/** Of the tenant's documents, in alphabetical order. */
export const CURRENCIES = `
  SELECT DISTINCT currency FROM sales
   WHERE tenant = $1 AND dimension = 'day' AND ${HAS_DOCUMENTS}
   ORDER BY currency`

export const totalOf = (row: FiguresRow, currency: string): SalesTotal => ({
  invoices: row.invoices,
  creditNotes: row.credit_notes,
  units: row.units,
  gross: money(row.gross, currency),
  credits: money(row.credits, currency),
  adjustments: money(row.adjustments, currency),
  net: money(row.net, currency),
})

export const rowOf = (row: FiguresRow, currency: string): SalesRow => ({
  key: row.key === '' ? null : row.key,
  ...totalOf(row, currency),
})

export const NO_FIGURES: FiguresRow = {
  key: '',
  invoices: 0,
  credit_notes: 0,
  units: 0,
  gross: '0',
  credits: '0',
  adjustments: '0',
  net: '0',
}
