import { createServer } from 'node:http'
import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { cleaningUp } from './clean-up.ts'
import { meter, usagePerOp } from './meter.ts'

const put = new PutItemCommand({ TableName: 'any', Item: {} })
const query = new QueryCommand({ TableName: 'any' })

type Answer = { readonly status: number; readonly body: unknown }

/** Lets a client talk to an engine that gives these answers; answers also what it was asked. */
const engineOf = async (answers: ReadonlyArray<Answer>, cleanUp: AsyncDisposableStack) => {
  const asked: string[] = []
  const next = answers.values()
  const server = createServer(async (request, response) => {
    asked.push((await request.toArray()).join(''))
    const { status, body } = next.next().value ?? { status: 400, body: {} }
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.defer(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the engine has no port')
  const client = dynamoDbClient(`http://127.0.0.1:${address.port}`)
  cleanUp.defer(() => client.destroy())
  return { client, asked }
}

const ok = (CapacityUnits: number): Answer => ({ status: 200, body: { ConsumedCapacity: { CapacityUnits } } })

describe('a metered client', () => {
  it("counts requests, the client's own retries among them, and the units of writes", () =>
    cleaningUp(async (cleanUp) => {
      const failing: Answer = { status: 500, body: { __type: 'InternalServerError' } }
      const { client, asked } = await engineOf([failing, ok(3), ok(5), ok(0.5)], cleanUp)
      const usage = meter(client)
      await client.send(put)
      await client.send(put)
      await client.send(query)
      expect(usage()).toEqual({ requests: 4, writeUnits: 8 })
      for (const body of asked) expect(JSON.parse(body)).toMatchObject({ ReturnConsumedCapacity: 'TOTAL' })
    }))

  it('counts of a stretch of work only what this work asked for', () =>
    cleaningUp(async (cleanUp) => {
      const { client } = await engineOf([ok(1), ok(2), ok(4)], cleanUp)
      const usage = meter(client)
      await client.send(put)
      const work = async () => {
        await client.send(put)
        await client.send(put)
      }
      expect(await usagePerOp(usage, 4, work)).toEqual({ requestsPerOp: 0.5, writeUnitsPerOp: 1.5 })
    }))
})
