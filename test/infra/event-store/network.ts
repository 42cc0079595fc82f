import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'

type Handle = DynamoDBClient['config']['requestHandler']['handle']
type Answer = Awaited<ReturnType<Handle>>

/** Does with a request what a network may: `pass` sends it to the engine; `cut` rejects when the client gives it up. */
export type Passage = (pass: () => Promise<Answer>, cut: Promise<never>) => Promise<Answer>

const cutBy = (options: object = {}): Promise<never> => {
  const cut = new Promise<never>((_, reject) => {
    if (!('abortSignal' in options) || !(options.abortSignal instanceof AbortSignal)) return
    options.abortSignal.addEventListener('abort', () =>
      reject(Object.assign(new Error('given up'), { name: 'AbortError' })),
    )
  })
  cut.catch(() => undefined)
  return cut
}

/** A client of a real engine behind a network that treats the first requests as told, and lets all others pass. */
export const clientThrough = (endpoint: string, passages: ReadonlyArray<Passage>) => {
  const client = dynamoDbClient(endpoint)
  const { requestHandler } = client.config
  const handle: Handle = requestHandler.handle.bind(requestHandler)
  let sendings = 0
  requestHandler.handle = async (request, options) => {
    const passage = passages[sendings]
    sendings += 1
    // What the network does with a request that was given up is its own affair.
    return passage === undefined ? handle(request, options) : passage(() => handle(request), cutBy(options))
  }
  return { client, sendings: () => sendings }
}

const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

export const neverArrives: Passage = (_, cut) => cut
export const breaksBefore: Passage = async () => {
  throw reset()
}
export const breaksAfter: Passage = async (pass) => {
  await pass()
  throw reset()
}
export const answersTooLate: Passage = async (pass, cut) => {
  await pass()
  return cut
}
