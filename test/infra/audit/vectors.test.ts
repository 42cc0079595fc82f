import { describe, expect, test } from 'vitest'
import { isConsistent, isIncluded } from '../../../infra/audit/merkle-proofs.ts'
import { jcs, jcsOfPlain } from '../../../infra/event-store/canonical.ts'
import jcsVectors from '../../data/vectors/jcs.json' with { type: 'json' }
import merkleVectors from '../../data/vectors/merkle.json' with { type: 'json' }

const bytes = (base64: string | null): Buffer => Buffer.from(base64 ?? '', 'base64')
const hashes = (list: ReadonlyArray<string> | null): ReadonlyArray<Buffer> => (list ?? []).map(bytes)

describe('RFC 8785', () => {
  test.each(jcsVectors)('$name', ({ input, output }) => {
    expect(jcs(JSON.parse(input))).toBe(output)
    expect(jcsOfPlain(JSON.parse(input))).toBe(output)
  })
})

describe('RFC 6962', () => {
  test.each(merkleVectors.inclusion)('inclusion of $leafIdx in $treeSize: $desc', (vector) => {
    const { leafIdx: position, treeSize: size, leafHash, proof, root } = vector
    const holds = isIncluded({ position, size, leaf: bytes(leafHash), path: hashes(proof), root: bytes(root) })
    expect(holds).toBe(!vector.wantErr)
  })

  test.each(merkleVectors.consistency)('consistency of $size1 with $size2: $desc', (vector) => {
    const { size1: size, size2: largerSize, root1, root2, proof } = vector
    const holds = isConsistent({ size, largerSize, root: bytes(root1), largerRoot: bytes(root2), path: hashes(proof) })
    expect(holds).toBe(!vector.wantErr)
  })
})
