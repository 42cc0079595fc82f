import * as E from 'fp-ts/lib/Either.js'
import { segmentsOf } from './key.ts'
import type { ObjectStorage } from './port.ts'

/** Objects in memory, for tests and simulations; the same contract as those on disk and in S3. */
export const memoryObjects = (): ObjectStorage & { readonly keys: () => ReadonlyArray<string> } => {
  const objects = new Map<string, Uint8Array>()
  return {
    put: async (key, bytes) => {
      segmentsOf(key)
      objects.set(key, Uint8Array.from(bytes))
    },
    get: async (key, limit) => {
      segmentsOf(key)
      const bytes = objects.get(key)
      if (bytes === undefined) return E.left({ _tag: 'ObjectMissing', key })
      const size = bytes.byteLength
      return size > limit ? E.left({ _tag: 'ObjectTooLarge', size, limit }) : E.right(Uint8Array.from(bytes))
    },
    keys: () => [...objects.keys()],
  }
}
