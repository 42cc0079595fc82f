import type { Pool } from 'pg'
import { reasonOf } from '../../projections/log.ts'
import { productSearch } from '../../projections/views/product-search.ts'
import type { Projections } from '../../read-api/projection-status.ts'
import type { Newest, NewestCommits } from '../event-store/newest-commits.ts'
import { atMost } from '../feeds/concurrency.ts'
import type { ProductDocuments } from '../search/port.ts'
import { productProgress } from '../search/progress.ts'
import { readProgress } from '../views/postgres-checkpoints.ts'
import { postgresParkedStreams } from '../views/postgres-parked.ts'
import { NOTHING_WAITS, type ProgressIn, type Waiting, waitingOf } from '../views/waiting.ts'
import { type Following, projectionsAt } from './projection-status.ts'
import { type AnyProjection, PROJECTIONS } from './projections.ts'

export type Compared = {
  /** Sees the rows of every tenant. */
  readonly pool: Pool
  readonly search: Pick<ProductDocuments, 'read'>
  readonly newest: NewestCommits
  readonly tenants: () => Promise<ReadonlyArray<string>>
  readonly clock: () => Date
}

/** `more`: older ones may wait, too. `lastError`: why nobody knows. */
type Behind = Waiting & { readonly more: boolean; readonly lastError: string | null }

const NOT_BEHIND: Behind = { ...NOTHING_WAITS, more: false, lastError: null }

/** Tenants that are looked at side by side. */
const TENANTS = 4

const together = (all: ReadonlyArray<Behind>): Behind =>
  all.reduce(
    (one, other) => ({
      commits: one.commits + other.commits,
      since: Math.min(one.since, other.since),
      more: one.more || other.more,
      lastError: one.lastError ?? other.lastError,
    }),
    NOT_BEHIND,
  )

const behindOf = async (
  { entries, more }: Newest,
  streamTypes: ReadonlyArray<string>,
  progressIn: ProgressIn,
): Promise<Behind> => {
  const concerned = entries.filter(({ stream }) => streamTypes.includes(stream.type))
  if (concerned.length === 0) return NOT_BEHIND
  const waiting = await waitingOf(concerned, progressIn)
  return { ...waiting, more: more && waiting.commits > 0, lastError: null }
}

const followingOf = ({ commits, since, more, lastError }: Behind, now: Date): Following => ({
  lagEvents: commits,
  lagEventsOrMore: more || lastError !== null,
  lagSeconds: commits === 0 ? 0 : Math.max(0, now.getTime() - since) / 1_000,
  ratePerSecond: null,
  ratePerSecondOverMinute: null,
  lastError,
})

/**
 * Every projection's status, by comparing the newest commits with what the views hold of their streams: it needs nothing of the feeds,
 * which may be dead. Where the search index is away, its projection tells that as its `lastError`; without Postgres or the event table
 * there is no status, and it rejects with their faults.
 */
export const comparedStatus = ({ pool, search, newest, tenants, clock }: Compared): (() => Promise<Projections>) => {
  const progressOf = ({ name }: AnyProjection): ProgressIn =>
    name === productSearch.name
      ? productProgress(search, postgresParkedStreams(pool))
      : (streams) => readProgress(pool, name, streams)
  /** By projection, one after the other: they share a connection. */
  const behindIn = async (tenant: string, now: Date): Promise<ReadonlyMap<string, Behind>> => {
    const commits = await newest(tenant, now)
    const behind = new Map<string, Behind>()
    for (const projection of PROJECTIONS) {
      const one = behindOf(commits, projection.streamTypes, progressOf(projection))
      const told = await one.catch((error: unknown) => ({ ...NOT_BEHIND, lastError: reasonOf(error) }))
      behind.set(projection.name, told)
    }
    return behind
  }
  return async () => {
    const now = clock()
    const taking = atMost(TENANTS)
    const all = await Promise.all((await tenants()).map((tenant) => taking(() => behindIn(tenant, now))))
    return projectionsAt(pool, now, (name) => followingOf(together(all.flatMap((each) => each.get(name) ?? [])), now))
  }
}
