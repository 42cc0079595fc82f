import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { CorruptCommit, EventStoreFault, InvalidDraft } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { draftOf, eventStoreContract } from '../../contracts/event-store.ts'
import { eventStoreLimitsContract, invalidDrafts, invalidNames } from '../../contracts/event-store-limits.ts'
import { noise } from '../../contracts/noise.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { testStamp } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

describe.each(engines)('%s', (engine, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  const store = dynamoEventStore({ client, table, ...testStamp })
  beforeAll(() => createTable(client, eventTableDefinition(table)))

  const objects = memoryObjects()
  const connect = async () => dynamoEventStore({ client: dynamoDbClient(endpoint), table, objects, ...testStamp })
  eventStoreContract(engine, connect)
  eventStoreLimitsContract(engine, connect)

  test('a table that is there is left as it is', async () => {
    await createTable(client, eventTableDefinition(table))
  })

  test('without object storage a commit beyond the item limit is refused before any write, naming the limit', async () => {
    const stream = { tenant: 'acme', type: 'order', id: 'large' }
    const appended = await store.append(store.emptyStream(stream), draftOf('c1', noise(1_000_000)))
    expect(appended).toMatchObject(E.left({ _tag: 'CommitTooLarge', limit: 400 * 1024 - 1024 }))
    expect(await Array.fromAsync(store.read(stream))).toEqual([])
  })

  test('an item that somebody changed stops the readers of its stream alone, naming it', async () => {
    const [good, bad] = ['good', 'bad'].map((id) => ({ tenant: 'acme', type: 'order', id }))
    if (good === undefined || bad === undefined) throw new Error('unreachable')
    await store.append(store.emptyStream(good), draftOf('c1', 1))
    const first = await store.append(store.emptyStream(bad), draftOf('c1', 1))
    if (E.isLeft(first)) throw new Error('not appended')
    await store.append(first.right.position, draftOf('c2', 2))
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: 'acme#order#bad' }, sk: { N: '2' }, format: { N: '1' } },
      }),
    )
    const reading = Array.fromAsync(store.read(bad))
    await expect(reading).rejects.toThrow(CorruptCommit)
    await expect(reading).rejects.toThrow('acme/order/bad@2')
    expect(await Array.fromAsync(store.read(good))).toHaveLength(1)
  })
})

test('an engine that is away is a fault, not a conflict', async () => {
  const client = dynamoDbClient('http://127.0.0.1:9')
  const store = dynamoEventStore({ client, table: 'nowhere', ...testStamp })
  const stream = { tenant: 'acme', type: 'order', id: '1' }
  await expect(store.append(store.emptyStream(stream), draftOf('c1', 1))).rejects.toThrow(EventStoreFault)
  await expect(Array.fromAsync(store.read(stream))).rejects.toThrow(EventStoreFault)
})

test('what is invalid is refused without asking the engine', async () => {
  const store = dynamoEventStore({ client: dynamoDbClient('http://127.0.0.1:9'), table: 'nowhere', ...testStamp })
  const stream = { tenant: 'acme', type: 'order', id: '1' }
  for (const [, draft] of invalidDrafts) {
    await expect(store.append(store.emptyStream(stream), draft)).rejects.toThrow(InvalidDraft)
  }
  for (const [, names] of invalidNames) {
    await expect(store.append(store.emptyStream({ ...stream, ...names }), draftOf('c1', 1))).rejects.toThrow(
      InvalidDraft,
    )
  }
})
