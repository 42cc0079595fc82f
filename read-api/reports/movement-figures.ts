import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { strict } from '../../schemas/strict.ts'
import { Day } from '../../schemas/time.ts'
import { Count, Pieces } from '../replies.ts'
import { IntegerColumn, select, selectOne } from '../rows.ts'

const figures = {
  sold: Count,
  cancelled: Count,
  credited: Count,
  adjustedIn: Count,
  adjustedOut: Count,
  onHand: Pieces,
}

/** `onHand`: by stock adjustments up to the end of the day. */
export const DayMovement = t.strict({ day: Day, ...figures }, 'DayMovement')
type DayMovement = t.TypeOf<typeof DayMovement>

/** `onHand`: at the end of the period. */
export const TotalMovement = t.strict(figures, 'TotalMovement')
type TotalMovement = t.TypeOf<typeof TotalMovement>

const columns = {
  sold: IntegerColumn,
  cancelled: IntegerColumn,
  credited: IntegerColumn,
  adjusted_in: IntegerColumn,
  adjusted_out: IntegerColumn,
  on_hand: IntegerColumn,
}
const TotalRow = strict(columns)
type TotalRow = t.TypeOf<typeof TotalRow>
const DayRow = strict({ day: Day, ...columns })

/** Days from and to, both inclusive (`null`: no bound). */
export type MovementFilter = {
  readonly tenant: string
  readonly sku: string
  readonly from: string | null
  readonly to: string | null
}

/** Up to the period's end, not from its start: stock on hand counts what came before, too. */
const UP_TO_END = `
    FROM product_days
   WHERE tenant = $1 AND sku = $2 AND day <= coalesce($3::date, 'infinity')`

const IN_PERIOD = `day >= coalesce($4::date, '-infinity')`

const DAYS = `
  WITH days AS (
    SELECT day, sold, cancelled, credited, adjusted_in, adjusted_out, sum(adjusted_in - adjusted_out) OVER (ORDER BY day) AS on_hand
    ${UP_TO_END})
  SELECT * FROM days WHERE ${IN_PERIOD} AND ($5::date IS NULL OR day > $5) ORDER BY day LIMIT $6`

const sumOf = (column: string): string => `coalesce(sum(${column}) FILTER (WHERE ${IN_PERIOD}), 0) AS ${column}`

const TOTAL = `
  SELECT ${['sold', 'cancelled', 'credited', 'adjusted_in', 'adjusted_out'].map(sumOf).join(', ')},
         coalesce(sum(adjusted_in - adjusted_out), 0) AS on_hand
  ${UP_TO_END}`

const totalOf = (row: TotalRow): TotalMovement => ({
  sold: row.sold,
  cancelled: row.cancelled,
  credited: row.credited,
  adjustedIn: row.adjusted_in,
  adjustedOut: row.adjusted_out,
  onHand: row.on_hand,
})

/** Days behind `after` on which anything moved, at most `limit`. */
export const movementDays = async (
  asked: Asked,
  { tenant, sku, from, to }: MovementFilter,
  after: string | null,
  limit: number,
): Promise<ReadonlyArray<DayMovement>> =>
  (await select(asked, DayRow, DAYS, [tenant, sku, to, from, after, limit])).map(({ day, ...row }) => ({
    day,
    ...totalOf(row),
  }))

/** Over all days of the filter; zeros when nothing moved. */
export const movementTotal = async (asked: Asked, { tenant, sku, from, to }: MovementFilter): Promise<TotalMovement> =>
  totalOf(await selectOne(asked, TotalRow, TOTAL, [tenant, sku, to, from]))
