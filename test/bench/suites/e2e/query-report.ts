import type { Pool } from 'pg'
import { salesReport } from '../../../../read-api/sales/sales-report.ts'
import type { Case } from '../../bench.ts'
import { type QuerySetup, queryCase } from './query.ts'

/** 182 days of 825 products each: 150,150 rows; and the days themselves, which the report's total is made of. */
const SEED = `
  INSERT INTO sales (tenant, dimension, currency, day, key, invoices, units, gross)
  SELECT $1, 'product', 'GBP', date '2010-12-01' + day, (20000 + (day * 131 + nth * 7) % 3000)::text,
         1 + (day + nth) % 9, 1 + (day * 7 + nth) % 60, (21 + (day * 29 + nth * 13) % 9000) / 100.0
    FROM generate_series(0, 181) AS day, generate_series(0, 824) AS nth
   UNION ALL
  SELECT $1, 'day', 'GBP', date '2010-12-01' + day, '', 60, 25000, 40000.5
    FROM generate_series(0, 181) AS day`

const seed = async (pool: Pool, tenant: string): Promise<void> => {
  await pool.query(SEED, [tenant])
  await pool.query('VACUUM ANALYZE sales')
}

/** The best-selling products of a half-year. */
export const queryReport = (setup: QuerySetup): Case =>
  queryCase(
    'query-report',
    setup,
    { tenant: 'query-report', operation: salesReport, query: { groupBy: 'product' } },
    seed,
  )
