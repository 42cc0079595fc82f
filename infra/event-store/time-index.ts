import type { Commit } from './port.ts'

/** `from` <= time < `to`, of the commits of one tenant. `after`: only commits behind this id, to go on where one stopped. */
export type TimeRange = {
  readonly tenant: string
  readonly from: Date
  readonly to: Date
  readonly after?: string
}

/** The commits of a range in ascending order of their ids; each iteration begins anew. */
export type TimeReading = AsyncIterable<Commit> & {
  /**
   * Every commit of the range before this moment is among them, and none after it: `to`, or the horizon if that is earlier,
   * but never before `from`. The next reading may take it as its `from`, and then nothing is missed or seen twice.
   */
  readonly completeTo: Date
}

/**
 * A tenant's commits in order of time, behind the safety lag (time-bounds.ts). A range that goes beyond the horizon ends
 * there; it does not wait. Iterating rejects with `EventStoreFault` when the world broke, with `ClockFault` when the
 * reader's clock cannot be relied on, with `CorruptCommit` when a commit cannot be trusted or the index and the table
 * disagree. Days without commits cost as many requests as others, so begin where the tenant does.
 */
export type TimeIndex = { readonly commits: (range: TimeRange) => TimeReading }
