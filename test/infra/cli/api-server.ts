import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { StoredEvent } from '../../../infra/event-store/port.ts'
import type { Authenticate } from '../../../infra/identity/tokens.ts'
import { commandApp } from '../../commands/api.ts'

/** What befalls a request: served, lost before or after it was applied, or answered with this status. */
export type Fate = 'served' | 'lost' | 'applied-and-lost' | 429 | 500 | 503

export type ApiServer = {
  readonly url: string
  readonly events: () => ReadonlyArray<StoredEvent>
  readonly requests: () => number
  readonly close: () => Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** The command API over memory adapters, on a free port of 127.0.0.1, behind a network that does what `fate` says. */
export const startApi = async (
  authenticate: Authenticate,
  fate: (request: number) => Fate = () => 'served',
): Promise<ApiServer> => {
  const { app, store } = commandApp(authenticate)
  let requests = 0
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1
    const befallen = fate(requests)
    const body = await bodyOf(request)
    if (befallen === 'lost') return void response.destroy()
    if (typeof befallen === 'number') {
      const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '0' }
      return void response.writeHead(befallen, headers).end('{"code":"unavailable","title":"Come back later"}')
    }
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    const method = request.method ?? 'GET'
    const init = { method, headers, ...(method === 'POST' && { body: new Uint8Array(body) }) }
    const answer = await app.fetch(new Request(`http://127.0.0.1${request.url}`, init))
    if (befallen === 'applied-and-lost') return void response.destroy()
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    events: () => store.commits().flatMap(({ events }) => events),
    requests: () => requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
