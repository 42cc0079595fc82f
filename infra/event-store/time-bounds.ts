/**
 * What order in time rests on, in milliseconds. Writers keep the first two, the other two are promises of what lies between
 * a writer and a reader. All processes on one table share them: a reader that assumes less than a writer takes misses commits.
 */
export type TimeBounds = {
  /** No clock is further from the true time. */
  readonly clockSkew: number
  /** Under a stamp, a write is sent and waited for no longer than this; then it takes a new one. */
  readonly stampLife: number
  /** A write that nobody waits for any more still lands within this, or never. */
  readonly straggling: number
  /** A commit that landed is in the index after this. */
  readonly indexing: number
}

/**
 * On AWS. `straggling`: a request that lies about (a frozen Lambda, a kernel that resends) is refused five minutes after it
 * was signed (Signature Version 4). `indexing`: usually well under a second, and DynamoDB throttles the table when an index
 * falls behind; there is no promised bound, so this is a margin.
 */
export const AWS_BOUNDS: TimeBounds = {
  clockSkew: 5_000,
  stampLife: 5_000,
  straggling: 300_000,
  indexing: 45_000,
}

/** On one machine: one clock, which may be set in steps; no network between; embedded engines index within the write. */
export const LOCAL_BOUNDS: TimeBounds = { clockSkew: 500, stampLife: 5_000, straggling: 3_500, indexing: 500 }

/** On one machine, too, but with an emulator of AWS, which is slow when much is asked of it at once. */
export const EMULATED_BOUNDS: TimeBounds = { clockSkew: 1_500, stampLife: 5_000, straggling: 5_000, indexing: 500 }

/**
 * How far behind its own clock a reader finds every commit. The stamp may come from a clock that is behind by the skew, the
 * reader's may be ahead by the skew; in between the write was sent, landed and was indexed. Six minutes on AWS, ten seconds
 * on one machine, some more with the emulator.
 */
export const safetyLag = ({ clockSkew, stampLife, straggling, indexing }: TimeBounds): number =>
  2 * clockSkew + stampLife + straggling + indexing
