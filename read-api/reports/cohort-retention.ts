import * as t from 'io-ts'
import type { Asked } from '../../infra/postgres/statement.ts'
import { strict } from '../../schemas/strict.ts'
import { Month } from '../../schemas/time.ts'
import { Ratio, ratio } from '../ratio.ts'
import { Count } from '../replies.ts'
import { IntegerColumn, select } from '../rows.ts'

/** How many customers of a cohort ordered `offset` months after their first. `retention`: their share of the cohort. */
const Active = t.strict({ offset: Count, customers: Count, retention: Ratio }, 'ActiveCustomers')

/** The customers whose first order was in the month `cohort`. Months in which none of them ordered are left out of `active`. */
export const Cohort = t.strict({ cohort: Month, size: Count, active: t.readonlyArray(Active) }, 'Cohort')
type Cohort = t.TypeOf<typeof Cohort>

const MonthRow = strict({ cohort: Month, months: IntegerColumn, customers: IntegerColumn })
type MonthRow = t.TypeOf<typeof MonthRow>

const monthsOf = (date: string): string => `(extract(year FROM ${date}) * 12 + extract(month FROM ${date}))`

const SQL = `
  WITH active AS (
    SELECT month, min(month) OVER (PARTITION BY customer_id) AS first FROM customer_months WHERE tenant = $1 AND orders > 0),
  months AS (
    SELECT first, ${monthsOf('month')} - ${monthsOf('first')} AS months, count(*) AS customers,
           dense_rank() OVER (ORDER BY first) AS nth
      FROM active
     WHERE $2::text IS NULL OR to_char(first, 'YYYY-MM') COLLATE "C" > $2
     GROUP BY 1, 2)
  SELECT to_char(first, 'YYYY-MM') AS cohort, months, customers FROM months WHERE nth <= $3 ORDER BY first, months`

/** All of a cohort ordered in its first month: that makes its size. */
const cohortOf = (cohort: string, months: ReadonlyArray<MonthRow>): Cohort => {
  const size = months[0]?.customers ?? 0
  return {
    cohort,
    size,
    active: months.map(({ months, customers }) => ({ offset: months, customers, retention: ratio(customers, size) })),
  }
}

/** Cohorts behind the month `after`, at most `limit`. */
export const cohortsOf = async (
  asked: Asked,
  tenant: string,
  after: string | null,
  limit: number,
): Promise<ReadonlyArray<Cohort>> => {
  const rows = await select(asked, MonthRow, SQL, [tenant, after, limit])
  return [...Map.groupBy(rows, ({ cohort }) => cohort)].map(([cohort, months]) => cohortOf(cohort, months))
}
