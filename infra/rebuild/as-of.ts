import * as E from 'fp-ts/lib/Either.js'
import type { ReadModel } from '../../projections/read-model.ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import type { EventStore } from '../event-store/port.ts'
import type { CommitScan, Scanned } from '../event-store/scan.ts'
import { buildAside } from './build-aside.ts'
import { countsOf } from './counts.ts'
import { underLock } from './lock.ts'
import type { RebuildDeps, RebuildOptions, Rebuilt, Watch } from './terms.ts'

/** `sales_as_of_20110301t000000z` */
export const asOfSchema = (projection: string, time: Date): string =>
  `${projection.replaceAll('-', '_')}_as_of_${time
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')
    .toLowerCase()}`

/** A stream's commits in order, up to the first one that came after `time`; whether one behind that is intact does not matter. */
const scanUpTo = (scan: CommitScan, time: string): CommitScan =>
  async function* (range) {
    let over: string | undefined
    const isIn = ({ stream, commit }: Scanned): boolean => {
      const key = partitionKeyOf(stream)
      if (E.isRight(commit) && commit.right.time > time) over = key
      return key !== over
    }
    for await (const page of scan(range)) yield { ...page, commits: page.commits.filter(isIn) }
  }

/** The same of a stream that is read alone, in case the scan could not tell when a commit came. */
const readUpTo = (read: EventStore['read'], time: string): EventStore['read'] =>
  async function* (stream, range) {
    for await (const slice of read(stream, range)) {
      if (slice.commit.time > time) return
      yield slice
    }
  }

const upTo = (deps: RebuildDeps, time: string): RebuildDeps => ({
  ...deps,
  scan: scanUpTo(deps.scan, time),
  events: { tail: deps.events.tail, read: readUpTo(deps.events.read, time) },
})

export type AsOf = Omit<Rebuilt, 'caughtUp' | 'lockedMs'> & { readonly schema: string; readonly parked: number }

/**
 * Builds a view as it was at a moment of the past, in a schema of its own beside the one that serves, which it leaves alone. What had
 * been built under the same name is replaced. The moment is that of commits, not of the business.
 */
export const buildAsOf = (
  deps: RebuildDeps,
  model: ReadModel,
  time: Date,
  options: RebuildOptions,
  watch: Watch,
): Promise<AsOf> => {
  const { name, version } = model
  const schema = asOfSchema(name, time)
  return underLock(deps.pool, schema, () =>
    buildAside(upTo(deps, time.toISOString()), model, schema, options, watch, async ({ deps: { views }, pool }) => {
      const counts = await countsOf(pool, model, schema)
      const parked = (await views.parked(name)).length
      return { schema, projection: name, version, ...counts, parked }
    }),
  )
}
