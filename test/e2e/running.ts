import { afterAll, beforeAll, vi } from 'vitest'
import { Instance } from './instance.ts'

/** Engines start at least once, and an importer waits a while for a server that went away. */
const LIMITS = { testTimeout: 240_000, hookTimeout: 120_000 }

/** An instance for all tests of a file, and the token of an admin of the tenant `acme`: there once the tests begin. */
export const runningInstance = async (): Promise<{ readonly daybook: Instance; readonly admin: () => string }> => {
  vi.setConfig(LIMITS)
  const daybook = await Instance.prepare()
  let token = ''
  beforeAll(async () => {
    await daybook.start()
    token = await daybook.token('admin')
  })
  afterAll(() => daybook.remove())
  return { daybook, admin: () => token }
}
