import * as E from 'fp-ts/lib/Either.js'
import { commandOperations } from '../../commands/http/operations.ts'
import { numbering } from '../../commands/numbering.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { EventStore } from '../../infra/event-store/port.ts'
import { createApp } from '../../infra/http/app.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import { memoryRequestKeys } from '../../infra/request-keys/memory.ts'
import { Role } from '../../schemas/role.ts'
import { testStamp } from '../infra/event-store/stamp.ts'

export const NOW = new Date('2026-03-01T12:00:00Z')

type Answer = {
  readonly id: string
  readonly version: number
  readonly commitId: string
  readonly consistencyToken: string
  readonly number: number
  readonly code: string
  readonly detail?: string
  readonly errors: ReadonlyArray<{ readonly pointer: string; readonly message: string }>
}

/** The command API over memory adapters, but for what a test puts in their place. A token is `tenant:role,role` or `tenant:role,role:client`. */
export const commandApi = (instead: Partial<EventStore> = {}) => {
  const store = { ...memoryEventStore(testStamp), ...instead }
  let ids = 0
  const newId = () => {
    ids += 1
    return `id-${ids}`
  }
  const app = createApp({
    operations: commandOperations({
      store,
      backOff: async () => {},
      numbering: numbering(() => async () => {}),
      keys: memoryRequestKeys(),
      clock: () => NOW,
      newId,
    }),
    authenticate: async (token) => {
      const [tenant = '', roles = '', client] = token.split(':')
      return tenant === 'bad'
        ? E.left('forged')
        : E.right({ tenant, subject: 'tester', roles: roles.split(',').filter(Role.is), client })
    },
    newId,
    log: silentLogger,
  })
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer acme:admin,integration', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const answer: Answer = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, body: answer }
  }
  return { app, store, post }
}
