import { createServer, type ServerResponse } from 'node:http'
import { PutItemCommand, ResourceNotFoundException, ScanCommand } from '@aws-sdk/client-dynamodb'
import { describe, expect, onTestFinished, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import type { Attribute } from '../../../infra/event-store/item.ts'
import { type Page, pageAsSent } from '../../../infra/event-store/page-as-sent.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { freePort } from '../../../infra/local/engines/free-port.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

const scanAsSent = (endpoint: string, TableName: string): Promise<() => Page> => {
  const client = dynamoDbClient(endpoint)
  return pageAsSent(new ScanCommand({ TableName, Limit: 2 }), (command) => client.send(command))
}

const inBase64 = ({ B, ...others }: Attribute): Attribute =>
  B === undefined ? others : { B: Buffer.from(B).toString('base64') }

describe.each(engines)('a page as %s sent it', (_, endpoint) => {
  test('is the page that the SDK reads, its binary attributes in base64', async () => {
    const client = dynamoDbClient(endpoint)
    const table = freshName('events')
    await createTable(client, eventTableDefinition(table))
    for (const id of ['1', '2 “é”', '3']) {
      const Item = { pk: { S: `acme#order#${id}` }, sk: { N: '1' }, events: { B: Buffer.from([0, 255, 10]) } }
      await client.send(new PutItemCommand({ TableName: table, Item }))
    }
    const read = await client.send(new ScanCommand({ TableName: table, Limit: 2 }))
    const sent = (await scanAsSent(endpoint, table))()
    expect(sent.Items).toEqual(
      read.Items?.map((item) =>
        Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, inBase64(attribute)])),
      ),
    )
    expect(sent.Items).toHaveLength(2)
    expect(sent.ScannedCount).toBe(2)
    expect(sent.LastEvaluatedKey).toEqual(read.LastEvaluatedKey)
  })

  test('is none where the engine refuses: the SDK says why', async () => {
    await expect(scanAsSent(endpoint, 'nowhere')).rejects.toThrow(ResourceNotFoundException)
  })
})

/** A server that answers the first requests as told; answers its URL. */
const answering = async (answers: ReadonlyArray<(response: ServerResponse) => void>): Promise<string> => {
  const waiting = answers.values()
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => waiting.next().value?.(response))
  })
  const port = await freePort()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${port}`
}

const WHOLE = '{"Items":[{"pk":{"S":"acme#order#1"}}],"Count":1,"ScannedCount":1}'

const sends =
  (body: string, length = body.length) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Length': length }).write(body, () => {
      if (length > body.length) response.destroy()
      else response.end()
    })
  }

test('a page that breaks off on its way is asked for again', async () => {
  const url = await answering([sends(WHOLE.slice(0, 20), WHOLE.length), sends(WHOLE)])
  const read = await scanAsSent(url, 'events')
  expect(read().Items).toEqual([{ pk: { S: 'acme#order#1' } }])
})

test.each(['[]', '{"Items":{}}', '{"Items":'])('what is no page is none: %s', async (body) => {
  const read = await scanAsSent(await answering([sends(body)]), 'events')
  expect(read).toThrow()
})
