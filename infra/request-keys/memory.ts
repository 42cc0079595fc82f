import type { RequestKeys } from './port.ts'

export const memoryRequestKeys = (): RequestKeys => {
  const bound = new Map<string, string>()
  return {
    claim: async (tenant, key, fingerprint) => {
      const name = `${tenant}#${key}`
      const first = bound.get(name)
      if (first === undefined) {
        bound.set(name, fingerprint)
        return 'first'
      }
      return first === fingerprint ? 'same-request' : 'other-request'
    },
  }
}
