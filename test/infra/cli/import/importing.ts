import * as E from 'fp-ts/lib/Either.js'
import { type Imported, importInvoices } from '../../../../infra/cli/import/import-invoices.ts'
import { patience } from '../../../../infra/cli/import/patience.ts'
import type { ReadRows } from '../../../../infra/cli/import/rows.ts'
import { sender } from '../../../../infra/cli/import/send.ts'
import { httpTransport, type Transport } from '../../../../infra/cli/transport.ts'
import type { Authenticate } from '../../../../infra/identity/tokens.ts'
import { commandApp } from '../../../commands/api.ts'

/** Takes any token for the importer's. */
export const importer: Authenticate = async () =>
  E.right({ tenant: 'acme', subject: 'importer', roles: ['integration'] })

export const NO_PROGRESS = { begin: () => {}, advance: () => {}, end: () => {} }

type Settings = { readonly concurrency?: number; readonly patienceMs?: number; readonly url?: string }

export const importThrough = async (
  transport: Transport,
  read: ReadRows,
  { concurrency = 8, patienceMs = 20_000, url = 'http://daybook' }: Settings = {},
): Promise<Imported> => {
  const stop = new AbortController()
  const clock = () => performance.now()
  const send = sender({
    url,
    transport,
    token: async () => 'token',
    patience: patience(patienceMs, clock),
    random: () => 0.1,
    stop: stop.signal,
  })
  return importInvoices({ read, currency: 'GBP', concurrency, send, stop, progress: NO_PROGRESS, clock })
}

export const importInto = async (url: string, read: ReadRows, settings: Settings = {}): Promise<Imported> => {
  const transport = httpTransport(url, settings.concurrency ?? 8)
  try {
    return await importThrough(transport, read, { ...settings, url })
  } finally {
    transport.close()
  }
}

/** The real API in this process, without a network between. */
export const directApi = () => {
  const { app, store } = commandApp(importer)
  const transport: Transport = {
    post: async (path, given, body) => {
      const headers = new Headers({ 'Content-Type': 'application/json' })
      for (const [name, value] of Object.entries(given)) headers.set(name, String(value))
      const answer = await app.request(path, { method: 'POST', headers, body })
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
    },
    get: () => Promise.reject(new Error('the importer reads nothing')),
    close: () => {},
  }
  return { transport, store, events: () => store.commits().flatMap(({ events }) => events) }
}
