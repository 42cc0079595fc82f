import * as E from 'fp-ts/lib/Either.js'
import { commandOperations } from '../../commands/http/operations.ts'
import { numbering } from '../../commands/numbering.ts'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { TransactionalEventStore } from '../../infra/event-store/transaction-port.ts'
import { createApp } from '../../infra/http/app.ts'
import type { Authenticate } from '../../infra/identity/tokens.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import { type Metrics, silentMetrics } from '../../infra/metrics/port.ts'
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

type Instead = {
  /** In the place of the memory store's own. */
  readonly store?: Partial<TransactionalEventStore>
  readonly metrics?: Metrics
}

/** The command API over memory adapters, but for what a test puts in their place; without a network. */
export const commandApp = (authenticate: Authenticate, { store: instead, metrics = silentMetrics }: Instead = {}) => {
  const store = { ...memoryEventStore(testStamp), ...instead }
  let ids = 0
  const newId = () => {
    ids += 1
    return `id-${ids}`
  }
  const operations = commandOperations({
    store,
    backOff: async () => {},
    numbering: numbering(() => async () => {}),
    keys: memoryRequestKeys(),
    clock: () => NOW,
    newId,
    metrics,
  })
  return { store, app: createApp({ operations, authenticate, newId, log: silentLogger, metrics }) }
}

/** Whom a token of the form `tenant:role,role` or `tenant:role,role:client` names. */
const byItsParts: Authenticate = async (token) => {
  const [tenant = '', roles = '', client] = token.split(':')
  return tenant === 'bad'
    ? E.left('forged')
    : E.right({ tenant, subject: 'tester', roles: roles.split(',').filter(Role.is), client })
}

/** The same with tokens that say whom they name, and a way to post to it. */
export const commandApi = (instead: Partial<TransactionalEventStore> = {}, metrics?: Metrics) => {
  const { app, store } = commandApp(byItsParts, { store: instead, ...(metrics && { metrics }) })
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
