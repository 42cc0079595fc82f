import type { ShardContext } from './batch-handling.ts'
import { pause } from './bell.ts'
import type { FeedRecord } from './port.ts'

/** Records a look reads at a time, at most; DynamoDB Streams gives no more. */
const PAGE = 1_000

/** Further it does not look: of a mapping that is so far behind, it is enough to know that it is at least that far. */
const FARTHEST = 100_000

/** Counts the records of a shard that wait behind those that were read. */
export type LookAhead = {
  /** The shard was read this much further. `atEnd`: nothing was behind these. */
  readonly moved: (records: ReadonlyArray<FeedRecord<unknown>>, atEnd: boolean) => void
  /** The shard cannot be read: nobody knows what waits. */
  readonly failed: () => void
  readonly stop: () => void
}

/**
 * While records of a shard are being handled, reads on behind them every `lookAheadEveryMs` to count what waits; no record is
 * looked at twice. At a shard's end there is nothing to look for, and it costs nothing. What it has counted stands in `progress`.
 */
export const lookAhead = <P, Event>({
  config: { source, lookAheadEveryMs },
  shardId,
  progress,
  signal,
}: ShardContext<P, Event>): LookAhead => {
  const stopper = new AbortController()
  const stopping = AbortSignal.any([signal, stopper.signal])
  /** The last record that was counted, or read; null at the shard's end. */
  let seen: string | null = null
  let count = 0
  let complete = false
  const tell = (): void => progress.unread(count, complete)
  const failed = (): void => {
    complete = false
    tell()
  }
  const look = async (): Promise<void> => {
    while (seen !== null && count < FARTHEST && !stopping.aborted) {
      const from: string = seen
      const { records, closed } = await source.read({ shardId, after: from, limit: PAGE })
      // Meanwhile the shard itself was read further than this look had come.
      if (seen !== from) return
      count += records.length
      seen = records.at(-1)?.sequenceNumber ?? from
      complete = closed || records.length === 0
      tell()
      if (complete) return
    }
  }
  const keepLooking = async (everyMs: number): Promise<void> => {
    for (await pause(everyMs, stopping); !stopping.aborted; await pause(everyMs, stopping)) {
      // Whoever reads the shard meets the same failure and says why.
      await look().catch(failed)
    }
  }
  if (lookAheadEveryMs !== undefined) void keepLooking(lookAheadEveryMs)
  return {
    moved: (records, atEnd) => {
      const overtaken = atEnd || records.length >= count
      count = overtaken ? 0 : count - records.length
      if (overtaken) seen = atEnd && records.length === 0 ? null : (records.at(-1)?.sequenceNumber ?? seen)
      complete = atEnd || (complete && !overtaken)
      tell()
    },
    failed,
    stop: () => stopper.abort(),
  }
}
