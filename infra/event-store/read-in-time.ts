import { ulidPrefix, ulidTime } from '../ulids.ts'
import { timeBucketsOf } from './keys.ts'
import { mergePages, type Page } from './merge-pages.ts'
import { ClockFault, type Commit, CorruptCommit, type StreamName } from './port.ts'
import { safetyLag, type TimeBounds } from './time-bounds.ts'
import type { TimeIndex, TimeRange, TimeReading } from './time-index.ts'

/** What the index knows of a commit. */
export type Entry = { readonly commitId: string; readonly stream: StreamName; readonly version: number }

/** Bounds of ids, inclusive; neither need be an id itself. */
export type IdRange = { readonly low: string; readonly high: string }

/** Where entries and commits come from. */
export type TimeSource = {
  /** Entries of one bucket, ascending by id. */
  readonly entries: (bucket: string, ids: IdRange) => Promise<Page<Entry>>
  /** The commits that entries name, in the same order. */
  readonly commitsOf: (entries: ReadonlyArray<Entry>) => Promise<ReadonlyArray<Commit>>
}

const DAY_MS = 86_400_000

/** DynamoDB: 100 keys a BatchGetItem. */
const BATCH = 100

/** Batches asked for ahead of the caller, so that it need not wait for each in turn. */
const AHEAD = 3

/** Ids of the range that are behind `after`: a longer text is greater than the id that it begins with. */
const idsOf = (from: number, to: number, after: string | undefined): IdRange => {
  const begin = ulidPrefix(from)
  const behind = after === undefined ? '' : `${after}0`
  return { low: behind > begin ? behind : begin, high: ulidPrefix(to) }
}

/** Starts work on a few inputs at once; results come in the inputs' order. */
async function* aheadOf<A, B>(inputs: AsyncIterable<A>, work: (input: A) => Promise<B>): AsyncGenerator<B> {
  const begun: Promise<B>[] = []
  for await (const input of inputs) {
    const result = work(input)
    // Whoever comes to it in turn meets its fault; a caller that stopped before has no use for it.
    result.catch(() => undefined)
    begun.push(result)
    const [eldest] = begun
    if (begun.length < AHEAD || eldest === undefined) continue
    begun.shift()
    yield await eldest
  }
  for (const result of begun) yield await result
}

const assertOfDay = (entries: ReadonlyArray<Entry>, day: number): void => {
  for (const { commitId, stream, version } of entries) {
    const time = ulidTime(commitId)
    if (time >= day && time < day + DAY_MS) continue
    throw new CorruptCommit(stream, version, `the time index has ${commitId} under another day`)
  }
}

async function* commitsOfDay(source: TimeSource, tenant: string, day: number, ids: IdRange): AsyncGenerator<Commit> {
  const buckets = timeBucketsOf(tenant, new Date(day).toISOString())
  const first = await Promise.all(buckets.map((bucket) => source.entries(bucket, ids)))
  const pieces = mergePages(first, ({ commitId }) => commitId, BATCH)
  const fetched = aheadOf(pieces, (entries) => {
    assertOfDay(entries, day)
    return source.commitsOf(entries)
  })
  for await (const commits of fetched) yield* commits
}

async function* commitsBetween(
  source: TimeSource,
  { tenant, from, after }: TimeRange,
  to: Date,
): AsyncGenerator<Commit> {
  const begin = Math.max(0, from.getTime(), after === undefined ? 0 : ulidTime(after))
  const ids = idsOf(begin, Math.max(0, to.getTime()), after)
  if (ids.low >= ids.high) return
  for (let day = begin - (begin % DAY_MS); day < to.getTime(); day += DAY_MS) {
    yield* commitsOfDay(source, tenant, day, ids)
  }
}

const assertReadable = ({ from, to, after }: TimeRange): void => {
  if (!(from.getTime() <= to.getTime())) throw new RangeError('a range of time ends before it begins')
  if (after !== undefined && !/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(after)) {
    throw new RangeError('a range of time goes on behind the id of a commit')
  }
}

/**
 * Reads a source day by day: the shards of a day are merged by id, then the commits fetched in batches. `clock`: the
 * reader's, no further from the true time than `bounds.clockSkew`.
 */
export const readingInTime = (source: TimeSource, clock: () => Date, bounds: TimeBounds): TimeIndex => {
  const horizon = (): number => clock().getTime() - safetyLag(bounds)
  return {
    commits: (range): TimeReading => {
      assertReadable(range)
      const end = Math.min(range.to.getTime(), horizon())
      const completeTo = new Date(Math.max(range.from.getTime(), end))
      return {
        completeTo,
        [Symbol.asyncIterator]: () => {
          // Two looks at a clock within the skew differ by no more; this one was wrong when it set the horizon.
          if (horizon() + 2 * bounds.clockSkew < end)
            throw new ClockFault('this clock was set back behind what it called complete')
          return commitsBetween(source, range, completeTo)
        },
      }
    },
  }
}
