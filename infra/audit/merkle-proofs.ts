import { type Hash, nodeHash } from './merkle.ts'

/** In bytes, of SHA-256. */
const LENGTH = 32

const isSame = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0

/** That a leaf stands at a position of a tree. `path`: its audit path (RFC 6962, section 2.1.1). */
export type Inclusion = {
  readonly position: number
  readonly size: number
  readonly leaf: Hash
  readonly path: ReadonlyArray<Hash>
  readonly root: Hash
}

/** Whether a proof of inclusion holds, by RFC 9162, section 2.1.3.2. */
export const isIncluded = ({ position, size, leaf, path, root }: Inclusion): boolean => {
  if (!(position >= 0 && position < size) || leaf.byteLength !== LENGTH) return false
  let [node, last] = [position, size - 1]
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSame(hash, root)
}

/** That a tree is the beginning of a larger one. `path`: the consistency proof (RFC 6962, section 2.1.2). */
export type Consistency = {
  readonly size: number
  readonly root: Hash
  readonly largerSize: number
  readonly largerRoot: Hash
  readonly path: ReadonlyArray<Hash>
}

const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size))

/** Whether a proof of consistency holds, by RFC 9162, section 2.1.4.2. There is none with the empty tree, which all begin with. */
export const isConsistent = ({ size, root, largerSize, largerRoot, path }: Consistency): boolean => {
  if (size > largerSize || size <= 0) return false
  if (size === largerSize) return path.length === 0 && isSame(root, largerRoot)
  const [first, ...rest] = isPowerOfTwo(size) ? [root, ...path] : path
  if (first === undefined) return false
  let [node, last] = [size - 1, largerSize - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  let [small, large] = [first, first]
  for (const hash of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      small = nodeHash(hash, small)
      large = nodeHash(hash, large)
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      large = nodeHash(large, hash)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && isSame(small, root) && isSame(large, largerRoot)
}
