import type { Pool } from 'pg'
import { listOrders } from '../../../../read-api/orders/list-orders.ts'
import type { Case } from '../../bench.ts'
import { type QuerySetup, queryCase } from './query.ts'

/** An order every 24 minutes of a half-year. */
const SEED = `
  INSERT INTO orders (tenant, order_id, version, status, customer_id, country, currency, placed_at, total, line_count)
  SELECT $1, (536365 + nth)::text, 1, 'placed', (12346 + nth * 37 % 4000)::text, 'United Kingdom', 'GBP',
         timestamptz '2010-12-01 08:00Z' + nth * interval '24 minutes', (2100 + nth * 29 % 90000) / 100.0, 1 + nth % 40
    FROM generate_series(0, 10919) AS nth`

const seed = async (pool: Pool, tenant: string): Promise<void> => {
  await pool.query(SEED, [tenant])
  await pool.query('VACUUM ANALYZE orders')
}

/** The newest orders of a half-year. */
export const queryList = (setup: QuerySetup): Case =>
  queryCase('query-list', setup, { tenant: 'query-list', operation: listOrders, query: { limit: '50' } }, seed)
