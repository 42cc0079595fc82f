import { createLanes, type Lanes, type Place } from './lanes.ts'
import { isBehind } from './port.ts'

/** A record of the source. `arrivedAt`: epoch milliseconds. */
export type Arrival = { readonly sequenceNumber: string; readonly arrivedAt: number }

/** What the bridge has sent and what of it every consumer has passed. Held in memory. */
export type Ledger = {
  /** A shard of the source is read from behind `position`. */
  readonly begin: (shardId: string, position: string | null) => void
  /** Notes records of a source shard, in their order; answers those that are still to be sent. */
  readonly enter: (shardId: string, arrivals: ReadonlyArray<Arrival>) => ReadonlyArray<string>
  /** Whether a record was noted, or acknowledged already. */
  readonly knows: (shardId: string, sequenceNumber: string) => boolean
  readonly sent: (shardId: string, sequenceNumber: string, place: Place) => void
  /** No consumer wants the record. */
  readonly unwanted: (shardId: string, sequenceNumber: string) => void
  /** A consumer has dealt with everything up to and with this place. */
  readonly passed: Lanes<unknown>['passed']
  readonly unacknowledged: () => number
  /** When the records arrived that a consumer wants and has not passed. */
  readonly waitingFor: (consumer: string) => ReadonlyArray<number>
  /** Resolves when less than the limit is unacknowledged; rejects once closed. */
  readonly room: () => Promise<void>
  readonly close: () => void
}

type Entry = { readonly shard: SourceShard; readonly arrivedAt: number; sent: boolean; readonly awaited: Set<string> }
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

const knows = ({ position, entries }: SourceShard, sequenceNumber: string): boolean =>
  entries.has(sequenceNumber) || (position !== null && !isBehind(sequenceNumber, position))

const enter = (
  shard: SourceShard,
  arrivals: ReadonlyArray<Arrival>,
  consumers: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const { entries } = shard
  for (const { sequenceNumber, arrivedAt } of arrivals) {
    if (knows(shard, sequenceNumber)) continue
    entries.set(sequenceNumber, { shard, arrivedAt, sent: false, awaited: new Set(consumers) })
  }
  return arrivals.flatMap(({ sequenceNumber }) => (entries.get(sequenceNumber)?.sent === false ? sequenceNumber : []))
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
    enter: (shardId, arrivals) => enter(found(shards.get(shardId), shardId), arrivals, consumers),
    knows: (shardId, sequenceNumber) => knows(found(shards.get(shardId), shardId), sequenceNumber),
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
    waitingFor: (consumer) =>
      [...shards.values()].flatMap(({ entries }) =>
        [...entries.values()].flatMap(({ arrivedAt, awaited }) => (awaited.has(consumer) ? arrivedAt : [])),
      ),
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
