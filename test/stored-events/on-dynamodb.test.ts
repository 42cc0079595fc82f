import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../infra/event-store/dynamo.ts'
import type { Image, Item } from '../../infra/event-store/item.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { commandApi } from '../commands/api.ts'
import { dynamodbEndpoints, freshName } from '../engines/engines.ts'
import { testStamp } from '../infra/event-store/stamp.ts'
import { storedImage } from './files.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

/** The item that this image is of. */
const itemOf = (image: Image): Item =>
  Object.fromEntries(
    Object.entries(image).map(([name, { S, N, B }]) => {
      if (S !== undefined) return [name, { S }]
      if (N !== undefined) return [name, { N }]
      return [name, { B: typeof B === 'string' ? Buffer.from(B, 'base64') : (B ?? new Uint8Array()) }]
    }),
  )

describe.each(engines)('on %s, a product that was added before there were images', (_, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  const image = storedImage('ProductAdded.v1.json')
  const added = itemOf(image)
  const { post } = commandApi(dynamoEventStore({ client, table, ...testStamp }))
  beforeAll(async () => {
    await createTable(client, eventTableDefinition(table))
    await client.send(new PutItemCommand({ TableName: table, Item: added }))
  })

  test("takes today's commands, and its item stays as it was stored", async () => {
    const change = { price: { amount: '5', currency: 'GBP' } }
    expect(await post('/v1/products/71053/price', change, { 'Idempotency-Key': 'change' })).toMatchObject({
      status: 200,
      body: { version: 2 },
    })
    const Key = { pk: { S: 'acme#product#71053' }, sk: { N: '1' } }
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))
    expect(Item).toEqual(added)
  })

  test('answers a retry of the request that added it with its first answer', async () => {
    const price = { amount: '3.390', currency: 'GBP' }
    const request = { sku: '71053', name: 'Lantérne ☕ "white"', category: 'Lights', price }
    const again = await post('/v1/products', request, { 'Idempotency-Key': image['commandId']?.S ?? '' })
    expect(again).toMatchObject({ status: 201, body: { version: 1, commitId: image['commitId']?.S } })
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})
