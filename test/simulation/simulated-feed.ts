import { createHash } from 'node:crypto'
import { partitionKeyOf } from '../../infra/event-store/keys.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import type { ShardSource } from '../../infra/feeds/port.ts'
import { memorySource } from '../infra/feeds/memory-source.ts'

/** How a feed treats what is published to it. */
export type FeedPlan = {
  /** Records arrive in the order in which they were published; else in any. */
  readonly orderly: boolean
  /** How often each record arrives, in turn. */
  readonly copies: ReadonlyArray<number>
  /** What happens to the shards, each after so many arrivals: one is split in two, or two neighbours become one. */
  readonly reshardings: ReadonlyArray<{ readonly after: number; readonly kind: 'split' | 'merge'; readonly at: number }>
}

/** A sharded stream of commits: every one at least once, in a shard that may end while others begin. */
export type SimulatedFeed = {
  readonly source: ShardSource<Commit>
  readonly publish: (commit: Commit) => void
  /** Published, and on the way to a shard. */
  readonly underway: () => number
  /** What each shard holds; the record at index n has sequence number n + 1. */
  readonly shards: () => ReadonlyMap<string, ReadonlyArray<Commit>>
  readonly parentsOf: (shardId: string) => ReadonlyArray<string>
}

/** The part of all keys, from 0 to below 1, that goes to a shard. */
type Open = { readonly shardId: string; readonly from: number; readonly to: number }

const placeOf = ({ stream }: Commit): number =>
  createHash('sha256').update(partitionKeyOf(stream)).digest().readUInt32BE() / 2 ** 32

/** The shards that end, and the parts of their children. */
const resharded = (open: ReadonlyArray<Open>, kind: 'split' | 'merge', at: number) => {
  const index = at % open.length
  const [one, other] = [open[index], open[index + 1]]
  if (one === undefined) return { ending: [], parts: [] }
  const { from, to } = one
  if (kind === 'merge' && other !== undefined) return { ending: [one, other], parts: [{ from, to: other.to }] }
  const middle = (from + to) / 2
  const halves = [
    { from, to: middle },
    { from: middle, to },
  ]
  return { ending: [one], parts: halves }
}

/** @param turn resolves when it is a record's turn to arrive. */
export const simulatedFeed = (plan: FeedPlan, turn: () => Promise<void>): SimulatedFeed => {
  const source = memorySource<Commit>()
  const shards = new Map<string, Commit[]>()
  const parents = new Map<string, ReadonlyArray<string>>()
  const reshardings = [...plan.reshardings]
  const underway: Commit[] = []
  let open: ReadonlyArray<Open> = []
  let published = 0
  let arrivals = 0

  const begin = (part: Omit<Open, 'shardId'>, ...of: ReadonlyArray<string>): Open => {
    const shardId = `shard-${shards.size + 1}`
    source.add(shardId, ...of)
    shards.set(shardId, [])
    parents.set(shardId, of)
    return { shardId, ...part }
  }
  const reshard = (): void => {
    const next = reshardings[0]
    if (next === undefined || arrivals < next.after) return
    reshardings.shift()
    arrivals = 0
    const { ending, parts } = resharded(open, next.kind, next.at)
    const ended = ending.map(({ shardId }) => shardId)
    ended.forEach(source.close)
    const children = parts.map((part) => begin(part, ...ended))
    open = [...open.filter((shard) => !ending.includes(shard)), ...children].sort((one, other) => one.from - other.from)
  }
  const arrive = (commit: Commit): void => {
    reshard()
    const place = placeOf(commit)
    const shard = open.find(({ from, to }) => from <= place && place < to)
    if (shard === undefined) throw new Error('the shards leave keys out')
    source.append(shard.shardId, commit)
    shards.get(shard.shardId)?.push(commit)
    arrivals += 1
  }

  open = [begin({ from: 0, to: 1 })]
  return {
    source,
    publish: (commit) => {
      const copies = plan.copies[published % plan.copies.length] ?? 1
      published += 1
      for (let copy = 0; copy < copies; copy += 1) {
        underway.push(commit)
        void turn().then(() => {
          const [next = commit] = underway.splice(plan.orderly ? 0 : underway.indexOf(commit), 1)
          arrive(next)
        })
      }
    },
    underway: () => underway.length,
    shards: () => shards,
    parentsOf: (shardId) => parents.get(shardId) ?? [],
  }
}
