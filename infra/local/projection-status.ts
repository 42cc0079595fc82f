import type { Pool } from 'pg'
import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import type { ProjectionStatus } from '../../read-api/projection-status.ts'
import { ARCHIVE, SEARCH, VIEWS } from './consumers.ts'
import type { FeedsReport } from './feeds-status.ts'

const countParked = async (pool: Pool): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await pool.query<{ projection: string; count: number }>(
    'SELECT projection, count(*) AS count FROM parked_streams GROUP BY projection',
  )
  return new Map(rows.map(({ projection, count }) => [projection, count]))
}

/** Lag of the feed that a projection follows; the one by Kinesis lags by the bridge's part too. */
const lagOf = (report: FeedsReport, consumer: string): { readonly lagEvents: number; readonly lagSeconds: number } => {
  const onTheWay = report.mappings.filter(
    ({ name }) => name === consumer || (consumer === SEARCH && name !== VIEWS && name !== ARCHIVE),
  )
  const pending = onTheWay.reduce((sum, mapping) => sum + mapping.pending, 0)
  return {
    lagEvents: consumer === SEARCH ? Math.max(pending, report.unacknowledged) : pending,
    lagSeconds: Math.max(0, ...onTheWay.map(({ lagMs }) => lagMs)) / 1_000,
  }
}

/** Every projection's version, lag and parked streams. @param pool that sees all tenants. */
export const statusOfProjections = async (
  pool: Pool,
  report: FeedsReport,
): Promise<ReadonlyArray<ProjectionStatus>> => {
  const parked = await countParked(pool)
  const statusOf = (consumer: string) => (projection: { readonly name: string; readonly version: number }) => ({
    name: projection.name,
    version: projection.version,
    ...lagOf(report, consumer),
    parkedStreams: parked.get(projection.name) ?? 0,
  })
  return [...postgresProjections.map(statusOf(VIEWS)), statusOf(SEARCH)(productSearch)]
}
