import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EMPTY_TREE,
  leafHash,
  merkleTree,
  nodeHash,
  prunedNodes,
  type Range,
  rootOfPruned,
} from '../../../infra/audit/merkle.ts'

/** RFC 6962, section 2.1, word for word. */
const specified = (inputs: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [first] = inputs
  if (first === undefined) return hash('sha256', '', 'buffer')
  if (inputs.length === 1) return hash('sha256', Buffer.concat([Uint8Array.of(0), first]), 'buffer')
  let k = 1
  while (k * 2 < inputs.length) k *= 2
  return hash(
    'sha256',
    Buffer.concat([Uint8Array.of(1), specified(inputs.slice(0, k)), specified(inputs.slice(k))]),
    'buffer',
  )
}

const inputs = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 })

/** Leaves, and ranges over them as an export has them. */
const included = inputs.chain((leaves) =>
  fc.array(fc.boolean(), { minLength: leaves.length, maxLength: leaves.length }).map((chosen) => ({ leaves, chosen })),
)

const rangesOf = (chosen: ReadonlyArray<boolean>): ReadonlyArray<Range> => {
  const ranges: [number, number][] = []
  for (const [position, is] of chosen.entries()) {
    const last = ranges.at(-1)
    if (is && last?.[1] === position) last[1] += 1
    else if (is) ranges.push([position, position + 1])
  }
  return ranges
}

describe('a Merkle tree', () => {
  test('has the root that RFC 6962 specifies', () => {
    fc.assert(
      fc.property(inputs, (leaves) => {
        const tree = merkleTree()
        for (const leaf of leaves) tree.add(leafHash(leaf))
        expect(Buffer.from(tree.root())).toEqual(Buffer.from(specified(leaves)))
      }),
    )
  })

  test('without leaves has the hash of nothing', () => {
    expect(Buffer.from(EMPTY_TREE).toString('hex')).toBe(hash('sha256', ''))
    expect(Buffer.from(merkleTree().root()).equals(EMPTY_TREE)).toBe(true)
  })

  test('is proven by some of its leaves and the nodes beside them, and by nothing else', () => {
    fc.assert(
      fc.property(included, fc.nat(), ({ leaves, chosen }, at) => {
        const ranges = rangesOf(chosen)
        const hashes = leaves.map(leafHash)
        const mine = hashes.filter((_, position) => chosen[position])
        const nodes = prunedNodes(hashes, ranges)
        const rootWith = (
          some: ReadonlyArray<Uint8Array>,
          beside: ReadonlyArray<Uint8Array>,
        ): Uint8Array | undefined => {
          let used = 0
          return rootOfPruned(leaves.length, ranges, () => some[used++], beside)
        }
        const root = specified(leaves)
        expect(rootWith(mine, nodes)).toEqual(Buffer.from(root))
        expect(rootWith(mine, [...nodes, EMPTY_TREE])).toBeUndefined()
        if (nodes.length > 0) expect(rootWith(mine, nodes.slice(1))).toBeUndefined()
        const victim = at % Math.max(1, mine.length)
        const other = mine.map((leaf, position) => (position === victim ? nodeHash(leaf, leaf) : leaf))
        if (mine.length > 0) expect(rootWith(other, nodes)).not.toEqual(Buffer.from(root))
      }),
    )
  })
})
