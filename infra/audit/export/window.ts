import type { Commit } from '../../event-store/port.ts'
import type { TimeIndex } from '../../event-store/time-index.ts'
import { ulidTime } from '../../ulids.ts'
import { CorruptTrail } from '../corrupt-trail.ts'
import { type Digest, type Entry, nameOf } from '../digest.ts'
import { type Hash, leafHash, prunedNodes } from '../merkle.ts'
import { concerns, type Filter } from './filter.ts'
import type { Proof } from './manifest.ts'

const leafOf = ({ hash }: Entry): Hash => leafHash(Buffer.from(hash, 'hex'))

/** Adds a position behind all others to ranges. */
const extended = (ranges: [number, number][], position: number): void => {
  const last = ranges.at(-1)
  if (last?.[1] === position) last[1] = position + 1
  else ranges.push([position, position + 1])
}

export type WindowExport = {
  readonly digest: Digest
  readonly leaves: ReadonlyArray<Entry>
  /** The part of the window that is asked for: `from` <= time < `to`. */
  readonly from: Date
  readonly to: Date
  readonly filter: Filter
}

/**
 * Hands out the commits of a window that are asked for, and answers what proves that they are of it. Rejects with `CorruptTrail` when
 * the store holds others than were sealed.
 */
export const exportWindow = async (
  index: TimeIndex,
  { digest, leaves, from, to, filter }: WindowExport,
  take: (commit: Commit) => Promise<void>,
): Promise<Proof> => {
  const included: [number, number][] = []
  let position = leaves.findIndex(({ commitId }) => ulidTime(commitId) >= from.getTime())
  for await (const commit of index.commits({ tenant: digest.tenant, from, to })) {
    const leaf = leaves[position]
    if (leaf?.hash !== commit.hash) {
      throw new CorruptTrail(
        `the event store holds ${nameOf(commit)} where digest ${digest.sequence} has ${leaf ? nameOf(leaf) : 'nothing'}: find out more with audit verify --live`,
      )
    }
    if (concerns(filter, commit)) {
      await take(commit)
      extended(included, position)
    }
    position += 1
  }
  const next = leaves[position]
  if (next !== undefined && ulidTime(next.commitId) < to.getTime()) {
    throw new CorruptTrail(
      `the event store lacks ${nameOf(next)}, which digest ${digest.sequence} has: find out more with audit verify --live`,
    )
  }
  const [only] = included
  const whole = leaves.length === 0 || (only?.[0] === 0 && only[1] === leaves.length)
  const nodes = whole ? [] : prunedNodes(leaves.map(leafOf), included)
  return { sequence: digest.sequence, included, nodes: nodes.map((node) => Buffer.from(node).toString('hex')) }
}
