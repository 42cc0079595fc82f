import { partitionKeyOf } from '../event-store/keys.ts'
import type { StreamName } from '../event-store/port.ts'
import type { Entry } from '../event-store/read-in-time.ts'
import { ulidTime } from '../ulids.ts'
import type { Progress } from './port.ts'

/** How far a projection is in each of these streams, in their order. Rejects when the engine of its views is away. */
export type ProgressIn = (streams: ReadonlyArray<StreamName>) => Promise<ReadonlyArray<Progress>>

/** Commits that a projection has yet to deal with: their number, and when the first of them was written (epoch milliseconds). */
export type Waiting = { readonly commits: number; readonly since: number }

export const NOTHING_WAITS: Waiting = { commits: 0, since: Number.POSITIVE_INFINITY }

/** Which of these commits the projection neither holds nor has set aside with their streams: a parked stream waits for a person. */
export const waitingOf = async (entries: ReadonlyArray<Entry>, progressIn: ProgressIn): Promise<Waiting> => {
  const streams = new Map(entries.map(({ stream }) => [partitionKeyOf(stream), stream]))
  const progress = await progressIn([...streams.values()])
  const progressOf = new Map([...streams.keys()].map((key, at) => [key, progress[at]]))
  const waiting = entries.filter(({ stream, version }) => {
    const { checkpoint = 0, parked = false } = progressOf.get(partitionKeyOf(stream)) ?? {}
    return !parked && version > checkpoint
  })
  return waiting.reduce(
    ({ commits, since }, { commitId }) => ({ commits: commits + 1, since: Math.min(since, ulidTime(commitId)) }),
    NOTHING_WAITS,
  )
}
