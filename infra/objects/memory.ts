import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { segmentsOf } from './key.ts'
import type { ConditionalObjects } from './port.ts'

/** Objects in memory, for tests and simulations; the same contract as those on disk and in S3. */
export const memoryObjects = (): ConditionalObjects & { readonly keys: () => ReadonlyArray<string> } => {
  const objects = new Map<string, Uint8Array>()
  const tagOf = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : hash('sha256', bytes))
  const get: ConditionalObjects['get'] = async (key, limit) => {
    segmentsOf(key)
    const bytes = objects.get(key)
    if (bytes === undefined) return E.left({ _tag: 'ObjectMissing', key })
    const size = bytes.byteLength
    return size > limit ? E.left({ _tag: 'ObjectTooLarge', size, limit }) : E.right(Uint8Array.from(bytes))
  }
  return {
    put: async (key, bytes) => {
      segmentsOf(key)
      objects.set(key, Uint8Array.from(bytes))
    },
    get,
    getTagged: async (key, limit) =>
      E.map((bytes: Uint8Array) => ({ bytes, tag: hash('sha256', bytes) }))(await get(key, limit)),
    putIf: async (key, tag, bytes) => {
      segmentsOf(key)
      if (tagOf(objects.get(key)) !== tag) return false
      objects.set(key, Uint8Array.from(bytes))
      return true
    },
    keys: () => [...objects.keys()],
  }
}
