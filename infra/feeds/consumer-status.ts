import type { Bridge } from './bridge.ts'
import type { MappingStatus, Rates } from './mapping-status.ts'

/** How far a consumer of the event table's changes is behind it. */
export type ConsumerStatus = {
  readonly name: string
  /** Records that it has yet to deal with, read or not. */
  readonly waiting: number
  /** Whether there may be more: the feed was not seen to its end, because it is far behind or the engine is away. */
  readonly orMore: boolean
  /** Age of the oldest of them, or at most this where it was not read yet; 0 when none is known. Milliseconds. */
  readonly lagMs: number
  readonly ratePerSecond: Rates
  readonly lastError: string | null
}

export const tableConsumerStatus = (status: MappingStatus): ConsumerStatus => {
  const { name, pending, unread, moreUnread, lagMs, ratePerSecond, lastError } = status
  return { name, waiting: pending + unread, orMore: moreUnread, lagMs, ratePerSecond, lastError }
}

/** What a consumer of Kinesis has not read yet, the bridge knows. */
export const kinesisConsumerStatus = (
  { name, ratePerSecond, lastError }: MappingStatus,
  bridge: Pick<Bridge, 'lagOf' | 'status'>,
): ConsumerStatus => {
  const { records, lagMs, moreUnread } = bridge.lagOf(name)
  return {
    name,
    waiting: records,
    orMore: moreUnread,
    lagMs,
    ratePerSecond,
    lastError: lastError ?? bridge.status().lastError,
  }
}
