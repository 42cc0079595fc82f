import * as E from 'fp-ts/lib/Either.js'
import type { Pool } from 'pg'
import { productSearch } from '../../projections/views/product-search.ts'
import { feedsSilent, type Projections } from '../../read-api/projection-status.ts'
import type { Problem } from '../../schemas/problem.ts'
import { type Following, projectionsAt } from '../composition/projection-status.ts'
import { SEARCH, VIEWS } from './consumers.ts'
import { type FeedsReport, FeedsSilent, readFeedsReport } from './feeds-status.ts'

/** What a projection's feed tells; while something waits it has grown older since the report. */
const followingOf = ({ at, consumers }: FeedsReport, projection: string, now: number): Following => {
  const name = projection === productSearch.name ? SEARCH : VIEWS
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
    const followed = (name: string) => followingOf(report.right, name, clock())
    return E.right(await projectionsAt(pool, new Date(report.right.at), followed))
  }
