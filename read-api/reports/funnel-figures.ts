import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { strict } from '../../schemas/strict.ts'
import { DAY_KEYS, type GroupByTime } from '../day-keys.ts'
import { Count } from '../replies.ts'
import { IntegerColumn, select, selectOne } from '../rows.ts'

const figures = { placed: Count, cancelled: Count, invoiced: Count, credited: Count }

/** `cancelled` are of those `placed`. `invoiced` and `credited` may be of orders that were placed earlier. */
export const FunnelTotal = t.strict(figures, 'FunnelTotal')
type FunnelTotal = t.TypeOf<typeof FunnelTotal>

/** `key`: a day, an ISO week or a month. */
export const FunnelRow = t.strict({ key: t.string, ...figures }, 'FunnelRow')
type FunnelRow = t.TypeOf<typeof FunnelRow>

const columns = { placed: IntegerColumn, cancelled: IntegerColumn, invoiced: IntegerColumn, credited: IntegerColumn }

/** Business days from and to, both inclusive (`null`: no bound). */
export type FunnelFilter = { readonly tenant: string; readonly from: string | null; readonly to: string | null }

const SUMS = ['placed', 'cancelled', 'invoiced', 'credited']
  .map((column) => `coalesce(sum(${column}), 0) AS ${column}`)
  .join(', ')

/** A voided invoice leaves a zero; a day of nothing else is no day of the report. */
const FILTERED = `
  FROM order_funnel
 WHERE tenant = $1
   AND day >= coalesce($2::date, '-infinity') AND day <= coalesce($3::date, 'infinity')
   AND (placed > 0 OR invoiced > 0 OR credited > 0)`

/** Rows behind the key `after`, in the order of time, at most `limit`. */
export const funnelRows = (
  asked: Asked,
  { tenant, from, to }: FunnelFilter,
  groupBy: GroupByTime,
  after: string | null,
  limit: number,
): Promise<ReadonlyArray<FunnelRow>> => {
  const sql = `
    WITH grouped AS (SELECT ${DAY_KEYS[groupBy]} COLLATE "C" AS key, ${SUMS} ${FILTERED} GROUP BY 1)
    SELECT * FROM grouped WHERE $4::text IS NULL OR key > $4 ORDER BY key LIMIT $5`
  return select(asked, strict({ key: t.string, ...columns }), sql, [tenant, from, to, after, limit])
}

/** Over all days of the filter; zeros when nothing happened. */
export const funnelTotal = (asked: Asked, { tenant, from, to }: FunnelFilter): Promise<FunnelTotal> =>
  selectOne(asked, strict(columns), `SELECT ${SUMS} ${FILTERED}`, [tenant, from, to])
