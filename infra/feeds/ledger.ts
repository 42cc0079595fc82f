import { createLanes, type Lanes, type Place } from './lanes.ts'
import { isBehind } from './port.ts'

/** What the bridge has sent and what of it every consumer has passed. Held in memory. */
export type Ledger = {
  /** A shard of the source is read from behind `position`. */
  readonly begin: (shardId: string, position: string | null) => void
  /** Notes records of a source shard, in their order; answers those that are still to be sent. */
  readonly enter: (shardId: string, sequenceNumbers: ReadonlyArray<string>) => ReadonlyArray<string>
  readonly sent: (shardId: string, sequenceNumber: string, place: Place) => void
  /** No consumer wants the record. */
  readonly unwanted: (shardId: string, sequenceNumber: string) => void
  /** A consumer has dealt with everything up to and with this place. */
  readonly passed: Lanes<unknown>['passed']
  readonly unacknowledged: () => number
  /** Resolves when less than the limit is unacknowledged; rejects once closed. */
  readonly room: () => Promise<void>
  readonly close: () => void
}

type Entry = { readonly shard: SourceShard; sent: boolean; readonly awaited: Set<string> }
type SourceShard = { readonly shardId: string; position: string | null; readonly entries: Map<string, Entry> }

/** Drops what is acknowledged at the head, for entries stand in the order of the source; answers whether that was any. */
const advance = (shard: SourceShard): boolean => {
  const before = shard.position
  for (const [sequenceNumber, { sent, awaited }] of shard.entries) {
    if (!sent || awaited.size > 0) break
    shard.entries.delete(sequenceNumber)
    shard.position = sequenceNumber
  }
  return shard.position !== before
}

const enter = (
  shard: SourceShard,
  sequenceNumbers: ReadonlyArray<string>,
  consumers: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const { position, entries } = shard
  for (const sequenceNumber of sequenceNumbers) {
    const acknowledged = position !== null && !isBehind(sequenceNumber, position)
    if (acknowledged || entries.has(sequenceNumber)) continue
    entries.set(sequenceNumber, { shard, sent: false, awaited: new Set(consumers) })
  }
  return sequenceNumbers.filter((sequenceNumber) => entries.get(sequenceNumber)?.sent === false)
}

const found = <A>(value: A | undefined, name: string): A => {
  if (value === undefined) throw new Error(`${name} is not in the ledger`)
  return value
}

/**
 * `onAcknowledged` gets, per source shard, the last record up to which all are acknowledged. `limit` bounds the memory: records
 * that may be unacknowledged before `room` makes the bridge wait.
 */
export const createLedger = (
  consumers: ReadonlyArray<string>,
  limit: number,
  onAcknowledged: (shardId: string, sequenceNumber: string) => void,
): Ledger => {
  const shards = new Map<string, SourceShard>()
  const waiting: Array<() => void> = []
  let closed = false
  const unacknowledged = (): number => shards.values().reduce((sum, { entries }) => sum + entries.size, 0)
  const release = (): void => {
    for (const resume of waiting.splice(0)) resume()
  }
  const settle = (shard: SourceShard): void => {
    if (!advance(shard) || shard.position === null) return
    onAcknowledged(shard.shardId, shard.position)
    release()
  }
  const entryOf = (shardId: string, sequenceNumber: string): Entry =>
    found(shards.get(shardId)?.entries.get(sequenceNumber), sequenceNumber)
  const lanes = createLanes<Entry>(consumers, (consumer, { shard, awaited }) => {
    awaited.delete(consumer)
    settle(shard)
  })
  return {
    begin: (shardId, position) => {
      shards.set(shardId, { shardId, position, entries: new Map() })
    },
    enter: (shardId, sequenceNumbers) => enter(found(shards.get(shardId), shardId), sequenceNumbers, consumers),
    sent: (shardId, sequenceNumber, place) => {
      const entry = entryOf(shardId, sequenceNumber)
      entry.sent = true
      lanes.put(place, entry)
      settle(entry.shard)
    },
    unwanted: (shardId, sequenceNumber) => {
      const entry = entryOf(shardId, sequenceNumber)
      entry.sent = true
      entry.awaited.clear()
      settle(entry.shard)
    },
    passed: lanes.passed,
    unacknowledged,
    room: async () => {
      while (!closed && unacknowledged() >= limit) await new Promise<void>((resume) => waiting.push(resume))
      if (closed) throw new Error('the bridge is stopping')
    },
    close: () => {
      closed = true
      release()
    },
  }
}
