import { createSecretKey, randomBytes } from 'node:crypto'
import type { SubjectKey, SubjectKeys } from './port.ts'

/** Keys in memory, for tests; the same contract as those in DynamoDB. */
export const memorySubjectKeys = (): SubjectKeys => {
  const ids = new Map<string, string>()
  const keys = new Map<string, SubjectKey>()
  const nameOf = (tenant: string, subject: string): string => `${tenant}#${subject}`
  const make = (name: string): SubjectKey => {
    const keyId = randomBytes(16).toString('base64url')
    const made: SubjectKey = { _tag: 'Live', keyId, key: createSecretKey(randomBytes(32)) }
    ids.set(name, keyId)
    keys.set(keyId, made)
    return made
  }
  return {
    keyOf: async (tenant, subject) => {
      const name = nameOf(tenant, subject)
      return keys.get(ids.get(name) ?? '') ?? make(name)
    },
    byId: async (keyIds) => {
      const wanted = new Set(keyIds)
      return new Map([...keys].filter(([keyId]) => wanted.has(keyId)))
    },
    destroy: async (tenant, subject, now) => {
      const keyId = ids.get(nameOf(tenant, subject))
      const known = keyId === undefined ? undefined : keys.get(keyId)
      if (keyId === undefined || known === undefined) return undefined
      if (known._tag === 'Destroyed') return known
      const destroyed = { _tag: 'Destroyed', keyId, erasedAt: now } as const
      keys.set(keyId, destroyed)
      return destroyed
    },
  }
}
