import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/**
 * What befalls a transaction on its way to the engine: it passes, its answer is lost after the engine did the work, or it is
 * cancelled for these reasons without reaching the engine.
 */
export type Fate = 'passes' | 'answer lost' | ReadonlyArray<{ readonly Code: string; readonly Message?: string }>

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

const cancelled = (response: ServerResponse, CancellationReasons: Exclude<Fate, string>): void => {
  response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' })
  const __type = 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException'
  response.end(JSON.stringify({ __type, Message: 'Transaction cancelled', CancellationReasons }))
}

/**
 * A way to an engine on which transactions meet their `fates`, one a request, and then pass. It gives every request another token,
 * so that the engine knows no retry: as DynamoDB does ten minutes later. It ends with the test that asked for it.
 */
export const troubledEngine = async (target: string, fates: ReadonlyArray<Fate>) => {
  let transactions = 0
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    const isTransaction = String(request.headers['x-amz-target']).endsWith('TransactWriteItems')
    const fate = (isTransaction ? fates[transactions] : undefined) ?? 'passes'
    transactions += isTransaction ? 1 : 0
    if (typeof fate !== 'string') return cancelled(response, fate)
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
    const answer = await fetch(target, {
      method: 'POST',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      body: body.replace(/"ClientRequestToken":"[^"]*"/, `"ClientRequestToken":"${randomUUID()}"`),
    })
    const text = await answer.text()
    if (fate === 'answer lost') return void request.socket.destroy()
    response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text)
  }
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, transactions: () => transactions }
}
