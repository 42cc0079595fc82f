import { setTimeout as sleep } from 'node:timers/promises'
import { keyOf } from '../../../projections/search-project.ts'
import { jitteredPauses } from '../../decorrelated-jitter.ts'
import type { ProductDocuments, VersionedProduct, WriteFailure } from '../port.ts'

/** Together about a minute: an index that is overloaded for longer needs somebody to look at it. */
const ATTEMPTS = 30
const PAUSES = { baseMs: 50, capMs: 4_000 }

/**
 * Documents whose `write` backs off while the index cannot take some of them now; what it answers is refused for good. Rejects
 * when they were not taken after many attempts, or when `signal` aborts.
 */
export const patiently = (documents: ProductDocuments, signal: AbortSignal): ProductDocuments => ({
  ...documents,
  write: async (products) => {
    const pause = jitteredPauses(PAUSES, Math.random, sleep)()
    const refused: WriteFailure[] = []
    let left: ReadonlyArray<VersionedProduct> = products
    let reason = ''
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      signal.throwIfAborted()
      const failures = await documents.write(left)
      refused.push(...failures.filter(({ retryable }) => !retryable))
      const busy = new Map(failures.filter(({ retryable }) => retryable).map((failure) => [keyOf(failure), failure]))
      left = left.filter((product) => busy.has(keyOf(product)))
      reason = failures.find(({ retryable }) => retryable)?.reason ?? ''
      if (left.length === 0) return refused
      await pause()
    }
    throw new Error(
      `the index would not take ${left.length} documents (${reason}); the rebuild is kept, so run the same command again to go on`,
    )
  },
})
