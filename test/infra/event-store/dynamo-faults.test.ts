import { createServer } from 'node:http'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, test } from 'vitest'
import { retries } from '../../../infra/dynamodb-retries.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { EventStoreFault } from '../../../infra/event-store/port.ts'
import { LOCAL_BOUNDS } from '../../../infra/event-store/time-bounds.ts'
import { faultProblem } from '../../../infra/http/fault-problem.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { testStamp } from './stamp.ts'

/** What the engine says, one answer a request; the last one again and again. `'hang up'` says nothing. */
type Answer = { readonly status: number; readonly type?: string } | 'hang up'

const closing: Array<() => void> = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const engineSaying = async (answers: ReadonlyArray<Answer>) => {
  let requests = 0
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests, answers.length - 1)] ?? 'hang up'
    requests += 1
    request.resume()
    if (answer === 'hang up') return void request.socket.destroy()
    response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' })
    response.end(answer.type === undefined ? '{}' : JSON.stringify({ __type: answer.type, message: 'so it says' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    retryStrategy: retries({ attempts: 4, baseMs: 0, capMs: 0 }, () => 0),
  })
  closing.push(() => client.destroy())
  return {
    store: dynamoEventStore({ client, table: 'events', bounds: LOCAL_BOUNDS, ...testStamp }),
    requests: () => requests,
  }
}

const stream = { tenant: 'acme', type: 'order', id: '1' }
const THROTTLED = { status: 400, type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' }
const INVALID = { status: 400, type: 'com.amazon.coral.validate#ValidationException' }
const MISSING = { status: 400, type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' }
const BROKEN = { status: 500, type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' }

describe('an append', () => {
  test.each([
    ['throttling', THROTTLED],
    ['an error of the server', BROKEN],
    ['a broken connection', 'hang up' as const],
  ])('goes through after %s', async (_, trouble) => {
    const { store, requests } = await engineSaying([trouble, trouble, { status: 200 }])
    expect(E.isRight(await store.append(store.emptyStream(stream), draftOf('c1', 1)))).toBe(true)
    expect(requests()).toBe(3)
  })

  test.each([
    ['throttled', THROTTLED, 4, 503, 'throttled'],
    ['unavailable', BROKEN, 4, 503, 'unavailable'],
    ['unavailable', 'hang up' as const, 4, 503, 'unavailable'],
    ['refused', INVALID, 1, 500, 'internal_error'],
    ['refused', MISSING, 1, 500, 'internal_error'],
  ])('that is %s in the end says so', async (kind, trouble, requests, status, code) => {
    const engine = await engineSaying([trouble])
    const fault: unknown = await engine.store
      .append(engine.store.emptyStream(stream), draftOf('c1', 1))
      .catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(EventStoreFault)
    expect(fault).toMatchObject({ kind, message: expect.stringContaining('acme#order#1') })
    expect(engine.requests()).toBe(requests)
    expect(faultProblem(fault)).toMatchObject({ status, code })
  })
})

test('pauses stay between base and cap, and three times the pause before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 8 }),
      async (draws) => {
        const drawn = [...draws]
        const strategy = retries({ attempts: 9, baseMs: 20, capMs: 1_000 }, () => drawn.shift() ?? 0)
        let token = await strategy.acquireInitialRetryToken('')
        for (let retry = 1; retry <= 8; retry += 1) {
          const before = token.getRetryDelay()
          token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' })
          expect(token.getRetryDelay()).toBeGreaterThanOrEqual(20)
          expect(token.getRetryDelay()).toBeLessThanOrEqual(Math.min(1_000, 3 * Math.max(20, before)))
        }
        await expect(strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' })).rejects.toThrow()
      },
    ),
  )
})
