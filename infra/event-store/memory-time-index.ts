import { timeBucketOf } from './keys.ts'
import type { Commit } from './port.ts'
import { type Entry, readingInTime } from './read-in-time.ts'
import type { TimeBounds } from './time-bounds.ts'
import type { TimeIndex } from './time-index.ts'

export type MemoryTimeIndexOptions = {
  /** All commits that are to be found, in any order. */
  readonly commits: () => ReadonlyArray<Commit>
  readonly clock: () => Date
  readonly bounds: TimeBounds
}

const byId = (one: Entry, other: Entry): number => (one.commitId < other.commitId ? -1 : 1)

/** The time index over the commits of an event store in memory. */
export const memoryTimeIndex = ({ commits, clock, bounds }: MemoryTimeIndexOptions): TimeIndex =>
  readingInTime(
    {
      entries: async (bucket, { low, high }) => {
        const found = commits().filter(
          ({ stream, time, hash, commitId }) =>
            commitId >= low && commitId <= high && timeBucketOf(stream.tenant, time, hash) === bucket,
        )
        return { items: found.toSorted(byId), next: undefined }
      },
      commitsOf: async (entries) => {
        const wanted = new Set(entries.map(({ commitId }) => commitId))
        return commits()
          .filter(({ commitId }) => wanted.has(commitId))
          .toSorted(byId)
      },
    },
    clock,
    bounds,
  )
