import * as E from 'fp-ts/lib/Either.js'
import type { Pool } from 'pg'
import { postgresProjections } from '../../projections/registry.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import { feedsSilent, type ProjectionStatus, type Projections } from '../../read-api/projection-status.ts'
import type { Problem } from '../../schemas/problem.ts'
import { servingVersions } from '../rebuild/serving.ts'
import { SEARCH, VIEWS } from './consumers.ts'
import { type FeedsReport, FeedsSilent, readFeedsReport } from './feeds-status.ts'

type Named = { readonly name: string; readonly version: number }

/** Every projection of this instance, with the consumer that feeds it. */
const PROJECTIONS: ReadonlyArray<readonly [Named, string]> = [
  ...postgresProjections.map((projection) => [projection, VIEWS] as const),
  [productSearch, SEARCH],
]

const countParked = async (pool: Pool): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await pool.query<{ projection: string; count: number }>(
    'SELECT projection, count(*) AS count FROM parked_streams GROUP BY projection',
  )
  return new Map(rows.map(({ projection, count }) => [projection, count]))
}

/** What a projection's feed tells; while something waits it has grown older since the report. */
const feedOf = (
  { at, consumers }: FeedsReport,
  name: string,
  now: number,
): Omit<ProjectionStatus, keyof Named | 'releasedVersion' | 'parkedStreams'> => {
  const consumer = consumers.find((each) => each.name === name)
  if (consumer === undefined) throw new Error(`the feeds have no consumer ${name}`)
  const { waiting, orMore, lagMs, ratePerSecond, lastError } = consumer
  return {
    lagEvents: waiting,
    lagEventsOrMore: orMore,
    lagSeconds: lagMs === 0 ? 0 : (lagMs + Math.max(0, now - at)) / 1_000,
    ratePerSecond: ratePerSecond.last10s,
    ratePerSecondOverMinute: ratePerSecond.last60s,
    lastError,
  }
}

const reportOr = (dataDir: string, now: number): Promise<E.Either<Problem, FeedsReport>> =>
  readFeedsReport(dataDir, now).then(E.right, (error: unknown) => {
    if (error instanceof FeedsSilent) return E.left(feedsSilent(error.message))
    throw error
  })

/**
 * Every projection's version, lag, rate and parked streams; Left when the feeds tell nothing. @param pool that sees all tenants.
 * @param clock epoch milliseconds.
 */
export const statusOfProjections =
  (pool: Pool, dataDir: string, clock: () => number) => async (): Promise<E.Either<Problem, Projections>> => {
    const report = await reportOr(dataDir, clock())
    if (E.isLeft(report)) return report
    const [parked, serving] = await Promise.all([countParked(pool), servingVersions(pool)])
    const projections = PROJECTIONS.map(([{ name, version }, consumer]) => ({
      name,
      version: serving.get(name) ?? version,
      releasedVersion: version,
      ...feedOf(report.right, consumer, clock()),
      parkedStreams: parked.get(name) ?? 0,
    }))
    return E.right({ asOf: new Date(report.right.at).toISOString(), projections })
  }
