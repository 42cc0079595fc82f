import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
export type Answer = {
  readonly status: number
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string | Uint8Array
}

export type StandIn = { readonly url: string; readonly stop: () => Promise<void> }

/** A service of AWS as far as a test needs it, over HTTP on a free port of this machine. */
export const standIn = async (answer: (asked: Asked) => Promise<Answer> | Answer): Promise<StandIn> => {
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', headers } = request
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const { status, headers: told, body } = await answer({ method, url, headers, body: Buffer.concat(chunks) })
    response.writeHead(status, { 'Content-Length': Buffer.byteLength(body ?? ''), ...told })
    response.end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
