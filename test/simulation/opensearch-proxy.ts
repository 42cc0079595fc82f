import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export type OpenSearchProxy = {
  readonly url: string
  /** Answers every request with this status from now on; null: passes it on. */
  readonly answer: (status: number | null) => void
  readonly close: () => Promise<void>
}

/** What Daybook's indexes are called, so that each test has its own behind the proxy. */
const PREFIX = 'daybook-'

const passOn = async (target: string, prefix: string, request: IncomingMessage, response: ServerResponse) => {
  const path = (request.url ?? '/').replaceAll(PREFIX, prefix)
  const body = (await buffer(request)).toString().replaceAll(PREFIX, prefix)
  const { method = 'GET', headers } = request
  const answer = await fetch(new URL(path, target), {
    method,
    headers: { 'content-type': headers['content-type'] ?? 'application/json' },
    ...(body !== '' && { body }),
  })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' })
  response.end(Buffer.from(await answer.arrayBuffer()))
}

/** An OpenSearch of a test's own: the one at `target`, with other names for its indexes, and able to fail. */
export const openSearchProxy = async (target: string, prefix: string): Promise<OpenSearchProxy> => {
  let status: number | null = null
  const server = createServer((request, response) => {
    if (status !== null) response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    else passOn(target, prefix, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    answer: (next) => {
      status = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
