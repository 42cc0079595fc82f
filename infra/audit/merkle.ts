import { hash } from 'node:crypto'

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array

const sha256 = (...parts: ReadonlyArray<Uint8Array>): Hash => hash('sha256', Buffer.concat(parts), 'buffer')

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The hash of a tree without leaves (RFC 6962, section 2.1). */
export const EMPTY_TREE: Hash = sha256()

export const leafHash = (input: Uint8Array): Hash => sha256(LEAF, input)
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(NODE, left, right)

/** The largest power of two below `size`, which is from 2 to 2^31. */
const leftSize = (size: number): number => 2 ** (31 - Math.clz32(size - 1))

export type MerkleTree = {
  /** @param leaf its hash, not its input. */
  readonly add: (leaf: Hash) => void
  readonly root: () => Hash
}

/** The RFC 6962 tree of leaves that come one by one: holds the roots of its perfect subtrees, one for each bit of its size. */
export const merkleTree = (): MerkleTree => {
  const perfect: { readonly size: number; readonly root: Hash }[] = []
  return {
    add: (leaf) => {
      let added = { size: 1, root: leaf }
      for (let last = perfect.at(-1); last?.size === added.size; last = perfect.at(-1)) {
        perfect.pop()
        added = { size: added.size * 2, root: nodeHash(last.root, added.root) }
      }
      perfect.push(added)
    },
    root: () =>
      perfect
        .map(({ root }) => root)
        .reduceRight<Hash | undefined>((right, left) => (right ? nodeHash(left, right) : left), undefined) ??
      EMPTY_TREE,
  }
}

/** Positions of leaves: `start` inclusive, `end` exclusive. */
export type Range = readonly [start: number, end: number]

/** Tells, for subtrees from left to right, whether one of the ranges reaches into them. */
const reaching = (ranges: ReadonlyArray<Range>): ((low: number, high: number) => boolean) => {
  let at = 0
  return (low, high) => {
    while ((ranges[at]?.[1] ?? Number.POSITIVE_INFINITY) <= low) at += 1
    return (ranges[at]?.[0] ?? Number.POSITIVE_INFINITY) < high
  }
}

/**
 * The hashes of the largest subtrees that none of the ranges reaches into, from left to right: with the leaves in the ranges, all
 * that it takes to make the root. For one leaf alone they are its RFC 6962 audit path, ordered otherwise.
 */
export const prunedNodes = (leaves: ReadonlyArray<Hash>, ranges: ReadonlyArray<Range>): ReadonlyArray<Hash> => {
  const reaches = reaching(ranges)
  const nodes: Hash[] = []
  const walk = (low: number, high: number): void => {
    if (!reaches(low, high)) {
      const tree = merkleTree()
      for (const leaf of leaves.slice(low, high)) tree.add(leaf)
      nodes.push(tree.root())
    } else if (high - low > 1) {
      const middle = low + leftSize(high - low)
      walk(low, middle)
      walk(middle, high)
    }
  }
  if (leaves.length > 0) walk(0, leaves.length)
  return nodes
}

/**
 * The root of a tree of `size` leaves, out of those in the ranges and the hashes that `prunedNodes` gives; undefined when there are too
 * few or too many of these. @param leaf answers the hashes of the leaves in the ranges, one after the other; undefined behind the last.
 */
export const rootOfPruned = (
  size: number,
  ranges: ReadonlyArray<Range>,
  leaf: () => Hash | undefined,
  nodes: ReadonlyArray<Hash>,
): Hash | undefined => {
  const reaches = reaching(ranges)
  let used = 0
  const root = (low: number, high: number): Hash | undefined => {
    if (!reaches(low, high)) return nodes[used++]
    if (high - low === 1) return leaf()
    const middle = low + leftSize(high - low)
    const left = root(low, middle)
    const right = left && root(middle, high)
    return left && right && nodeHash(left, right)
  }
  const made = size === 0 ? EMPTY_TREE : root(0, size)
  return used === nodes.length ? made : undefined
}
