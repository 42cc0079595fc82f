import { createServer, request as forward } from 'node:http'

export type CountingProxy = {
  readonly url: string
  /** Requests that passed so far. */
  readonly requests: () => number
}

/** Passes HTTP requests on to an engine and counts them. For counting only: what goes through it is not timed. */
export const countingProxy = async (target: string, cleanUp: AsyncDisposableStack): Promise<CountingProxy> => {
  let requests = 0
  const server = createServer((asked, answer) => {
    requests += 1
    const { method, headers } = asked
    const passedOn = forward(new URL(asked.url ?? '/', target), { method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers)
      answered.pipe(answer)
    })
    passedOn.on('error', () => answer.destroy())
    asked.pipe(passedOn)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.defer(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return { url: `http://127.0.0.1:${address.port}`, requests: () => requests }
}
