import { randomBytes } from 'node:crypto'
import { type AttributeValue, DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { createTable } from '../../../infra/event-store/table.ts'
import { dynamoSnapshots, snapshotTableDefinition } from '../../../infra/snapshots/dynamo.ts'
import { PAGE_SIZE } from '../../../infra/snapshots/port.ts'
import { snapshotOf, snapshotsContract } from '../../contracts/snapshots.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'

const { dynoxide, dynamodbLocal } = dynamodbEndpoints()
const table = freshName('snapshots')
const clients = [dynoxide, dynamodbLocal].flatMap((endpoint) => (endpoint === null ? [] : [dynamoDbClient(endpoint)]))

beforeAll(async () => {
  for (const client of clients) await createTable(client, snapshotTableDefinition(table))
})
afterAll(() => {
  for (const client of clients) client.destroy()
})

for (const [nth, client] of clients.entries()) {
  snapshotsContract(nth === 0 ? 'dynoxide' : 'DynamoDB Local', async () => dynamoSnapshots(client, table))
}

describe('a snapshot in DynamoDB', () => {
  const [client] = clients
  if (client === undefined) throw new Error('dynoxide is not running')
  const snapshots = dynamoSnapshots(client, table)
  const stream = { tenant: 'acme', type: 'counter', id: freshName('stream') }
  const pk = { S: `acme#counter#${stream.id}` }
  const kept = snapshotOf(stream, 2 * PAGE_SIZE + 3)
  const itemsOf = async () => {
    const query = { TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }
    return (await client.send(new QueryCommand(query))).Items ?? []
  }
  const write = (item: { readonly [name: string]: AttributeValue }) =>
    client.send(new PutItemCommand({ TableName: table, Item: item }))

  test('that misses a page is as good as none', async () => {
    await snapshots.save(kept, 0)
    expect(await snapshots.load(stream, 1)).toEqual(kept)
    await client.send(new DeleteItemCommand({ TableName: table, Key: { pk, sk: { S: 'page#000001' } } }))
    expect(await snapshots.load(stream, 1)).toBeUndefined()
  })

  test('whose bytes were altered anywhere is as good as none, or the same', async () => {
    await snapshots.save(snapshotOf(stream, kept.version + 1), 0)
    const whole = await snapshots.load(stream, 1)
    expect(whole).toBeDefined()
    const items = await itemsOf()
    const spots = items.flatMap((item) => Object.keys(item).map((name) => ({ item, name })))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...spots), fc.nat(200), async ({ item, name }, at) => {
        if (name === 'pk' || name === 'sk' || name === 'hash') return
        const value = item[name]
        const altered: AttributeValue =
          value?.B === undefined
            ? value?.N === undefined
              ? { S: `${value?.S}x` }
              : { N: String(Number(value.N) + 1) }
            : { B: value.B.map((byte, index) => (index === at % (value.B?.length ?? 1) ? byte ^ 0xff : byte)) }
        await write({ ...item, [name]: altered })
        const found = await snapshots.load(stream, 1)
        await write(item)
        // Bytes of a gzip header that say nothing of its content may change.
        if (found !== undefined) expect(found).toEqual(whole)
      }),
      { numRuns: 60 },
    )
    expect(await snapshots.load(stream, 1)).toEqual(whole)
  })

  test('of a state beyond the limit of an item is not kept, and fails nobody', async () => {
    const large = { ...snapshotOf(stream, kept.version + 2), state: randomBytes(450_000).toString('hex') }
    await snapshots.save(large, 0)
    expect((await snapshots.load(stream, 1))?.version).toBe(kept.version + 1)
  })
})
