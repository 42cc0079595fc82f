import type { FeedRecord, Page, ReadRequest, ShardSource } from './port.ts'

/** What may go wrong, as chances between 0 and 1: of a record for the first two, of a read for the last two. */
export type Disorder = {
  /** A record comes again, up to `distance` records later. */
  readonly duplicate: number
  /** A record comes up to `distance` records late, as if it had been lost and sent again. */
  readonly postpone: number
  readonly distance: number
  /** A read finds nothing although there is something. */
  readonly delay: number
  /** A read fails. */
  readonly fail: number
}

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Disordered<P> = {
  /** The shard as its readers see it; only grows. */
  readonly log: Array<FeedRecord<P>>
  late: ReadonlyArray<{ readonly due: number; readonly record: FeedRecord<P> }>
  taken: number
  after: string | null
}

const settle = <P>(shard: Disordered<P>, now: number): void => {
  for (const { record } of shard.late.filter(({ due }) => due <= now)) {
    shard.log.push({ ...record, sequenceNumber: String(shard.log.length + 1) })
  }
  shard.late = shard.late.filter(({ due }) => due > now)
}

const takeIn = <P>(shard: Disordered<P>, record: FeedRecord<P>, disorder: Disorder, random: () => number): void => {
  const late = (): number => shard.taken + 1 + Math.floor(random() * disorder.distance)
  const copy = { due: random() < disorder.postpone ? late() : shard.taken, record }
  const again = random() < disorder.duplicate ? [{ due: late(), record }] : []
  shard.late = [...shard.late, copy, ...again]
  settle(shard, shard.taken)
  shard.taken += 1
  shard.after = record.sequenceNumber
}

/**
 * A source that misbehaves within the promise "every record, at least once", the same way for the same seed and reads. Each
 * shard becomes a disordered one with sequence numbers of its own, kept in memory, so that positions in it stay meaningful.
 * For tests.
 */
export const chaoticSource = <P>(source: ShardSource<P>, disorder: Disorder, seed: number): ShardSource<P> => {
  const random = seededRandom(seed)
  const shards = new Map<string, Disordered<P>>()
  const read = async ({ shardId, after, limit }: ReadRequest): Promise<Page<P>> => {
    if (random() < disorder.fail) throw new Error('chaos: the read failed')
    if (random() < disorder.delay) return { records: [], closed: false }
    const shard = shards.get(shardId) ?? { log: [], late: [], taken: 0, after: null }
    shards.set(shardId, shard)
    const page = await source.read({ shardId, after: shard.after, limit })
    for (const record of page.records) takeIn(shard, record, disorder, random)
    if (page.records.length === 0) settle(shard, Number.POSITIVE_INFINITY)
    const from = Number(after ?? 0)
    const records = shard.log.slice(from, from + limit)
    const last = page.closed && page.records.length === 0 && from + limit >= shard.log.length
    return { records, closed: last }
  }
  return { ...source, read }
}
