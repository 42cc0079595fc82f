import type { Digest, Entry } from '../digest.ts'
import type { Proof } from '../export/manifest.ts'
import { type Hash, leafHash, type Range, rootOfPruned } from '../merkle.ts'
import { Found } from './finding.ts'

const HASH = /^[0-9a-f]{64}$/

const bytesOf = (hex: string, where: string): Hash => {
  if (!HASH.test(hex)) throw new Found('proof', where, 'holds what is no hash')
  return Buffer.from(hex, 'hex')
}

const rangesOf = ({ included }: Proof, size: number, where: string): ReadonlyArray<Range> => {
  let last = -1
  return included.map(([start = -1, end = -1, ...more]) => {
    if (more.length > 0 || start <= last || end <= start || end > size)
      throw new Found('proof', where, 'names positions that the window does not have')
    last = end
    return [start, end]
  })
}

/** Takes as many entries as the proof includes, and checks that they give the digest's root. */
export const proveWindow = async (
  digest: Digest,
  proof: Proof,
  next: () => Promise<Entry | undefined>,
): Promise<void> => {
  const where = `digest ${digest.sequence}`
  if (proof.sequence !== digest.sequence) throw new Found('proof', where, `has the proof of digest ${proof.sequence}`)
  const ranges = rangesOf(proof, digest.commits, where)
  const count = ranges.reduce((sum, [start, end]) => sum + end - start, 0)
  const leaves: Hash[] = []
  for (let taken = 0; taken < count; taken += 1) {
    const entry = await next()
    if (entry === undefined) throw new Found('proof', where, 'includes more commits than the index has')
    leaves.push(leafHash(bytesOf(entry.hash, where)))
  }
  let used = 0
  const nodes = proof.nodes.map((node) => bytesOf(node, where))
  const root = rootOfPruned(digest.commits, ranges, () => leaves[used++], nodes)
  if (root === undefined || Buffer.from(root).toString('hex') !== digest.root || used !== leaves.length) {
    throw new Found('proof', where, 'does not have the root that the index and its proof give')
  }
}
