import type { SubjectKey, SubjectKeys } from './port.ts'

export type CacheBounds = {
  /** Milliseconds that a key opens what is sealed after it was looked up: so long an erasure may take to hold everywhere. */
  readonly openMs: number
  /**
   * Milliseconds that a key seals: that may be longer, for what a destroyed key seals never opens again. So long its bytes may stay in
   * memory after its end.
   */
  readonly sealMs: number
  /** Keys at most, for either. */
  readonly keys: number
}

export const CACHE_BOUNDS: CacheBounds = { openMs: 2_000, sealMs: 600_000, keys: 10_000 }

type Expiring<A> = {
  readonly get: (name: string) => A | undefined
  /** @param from when its time began. */
  readonly set: (name: string, value: A, from: number) => void
  readonly drop: (name: string) => void
}

/** Entries stand in the order in which they expire, so that the expired and, where there are too many, the oldest are first. */
const expiring = <A>(ttlMs: number, most: number, now: () => number): Expiring<A> => {
  const entries = new Map<string, { readonly value: A; readonly until: number }>()
  return {
    get: (name) => {
      const entry = entries.get(name)
      return entry !== undefined && now() < entry.until ? entry.value : undefined
    },
    set: (name, value, from) => {
      entries.delete(name)
      entries.set(name, { value, until: from + ttlMs })
      for (const [oldest, { until }] of entries) {
        if (entries.size <= most && now() < until) return
        entries.delete(oldest)
      }
    },
    drop: (name) => {
      entries.delete(name)
    },
  }
}

/** Keys that are looked up once in a while. @param now milliseconds of a clock that never goes back. */
export const cachedKeys = (keys: SubjectKeys, now: () => number, bounds: CacheBounds = CACHE_BOUNDS): SubjectKeys => {
  const sealing = expiring<Promise<SubjectKey>>(bounds.sealMs, bounds.keys, now)
  const opening = expiring<SubjectKey>(bounds.openMs, bounds.keys, now)
  const nameOf = (tenant: string, subject: string): string => `${tenant}#${subject}`
  return {
    keyOf: (tenant, subject) => {
      const name = nameOf(tenant, subject)
      const known = sealing.get(name)
      if (known !== undefined) return known
      const asked = now()
      const answer = keys.keyOf(tenant, subject)
      sealing.set(name, answer, asked)
      answer.then(
        (key) => opening.set(key.keyId, key, asked),
        () => sealing.drop(name),
      )
      return answer
    },
    byId: async (keyIds) => {
      const found = new Map<string, SubjectKey>()
      const unknown: string[] = []
      for (const keyId of keyIds) {
        const key = opening.get(keyId)
        if (key === undefined) unknown.push(keyId)
        else found.set(keyId, key)
      }
      if (unknown.length === 0) return found
      // Its time begins before the question: the key may be destroyed while the answer is on its way.
      const asked = now()
      for (const [keyId, key] of await keys.byId(unknown)) {
        opening.set(keyId, key, asked)
        found.set(keyId, key)
      }
      return found
    },
    destroy: async (tenant, subject, at) => {
      const destroyed = await keys.destroy(tenant, subject, at)
      sealing.drop(nameOf(tenant, subject))
      if (destroyed !== undefined) opening.set(destroyed.keyId, destroyed, now())
      return destroyed
    },
  }
}
