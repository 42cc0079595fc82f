import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { type Commit, EventStoreFault } from '../../../infra/event-store/port.ts'
import { dynamoScan, type Scanned, type ScanRange } from '../../../infra/event-store/scan.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { noise } from '../../contracts/noise.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { testStamp } from './stamp.ts'

const engines = Object.entries(dynamodbEndpoints()).filter((entry): entry is [string, string] => entry[1] !== null)

const nameOf = ({ stream, version }: Scanned | Commit): string =>
  `${stream.tenant}/${stream.type}/${stream.id}@${version}`

describe.each(engines)('a scan of the event table on %s', (_, endpoint) => {
  const client = dynamoDbClient(endpoint)
  const table = freshName('events')
  const objects = memoryObjects()
  const store = dynamoEventStore({ client, table, objects, ...testStamp })
  const scan = dynamoScan({ client, table, objects })
  const commits: Commit[] = []

  const all = async (range: ScanRange): Promise<ReadonlyArray<Scanned>> => {
    const found: Scanned[] = []
    for await (const page of scan(range)) found.push(...page.commits)
    return found
  }
  const ofAllSegments = async (range: Omit<ScanRange, 'segment' | 'of'>, of = 3): Promise<ReadonlyArray<Scanned>> =>
    (await Promise.all(Array.from({ length: of }, (__, segment) => all({ ...range, segment, of })))).flat()

  beforeAll(async () => {
    await createTable(client, eventTableDefinition(table))
    for (const tenant of ['acme', 'acme-2']) {
      for (let nth = 0; nth < 40; nth += 1) {
        const stream = { tenant, type: nth % 4 === 0 ? 'stock' : 'order', id: `id ${nth}` }
        let position = store.emptyStream(stream)
        for (let commit = 0; commit < 3; commit += 1) {
          const appended = await store.append(position, draftOf(`c${commit}`, noise(nth === 7 ? 500_000 : 100, nth), 2))
          if (E.isLeft(appended)) throw new Error('not appended')
          position = appended.right.position
          commits.push(appended.right.commit)
        }
      }
    }
  })

  test('finds every commit of the types once, whole, and a stream in order within one segment', async () => {
    for (const streamTypes of [['order'], ['stock'], ['order', 'stock'], ['nothing']]) {
      const wanted = commits.filter(({ stream }) => streamTypes.includes(stream.type))
      const found = await ofAllSegments({ streamTypes, limit: 7 })
      expect(found.map(nameOf).toSorted()).toEqual(wanted.map(nameOf).toSorted())
      const byName = new Map(wanted.map((commit) => [nameOf(commit), commit]))
      for (const each of found) expect(each.commit).toEqual(E.right(byName.get(nameOf(each))))
      for (const inStream of Map.groupBy(found, ({ stream }) => JSON.stringify(stream)).values()) {
        expect(inStream.map(({ version }) => version)).toEqual([1, 3, 5])
      }
    }
  })

  test('is of one tenant where that is wanted, and not of one whose name begins like it', async () => {
    const found = await ofAllSegments({ streamTypes: ['order'], tenant: 'acme' })
    expect(found).toHaveLength(90)
    expect(new Set(found.map(({ stream }) => stream.tenant))).toEqual(new Set(['acme']))
  })

  test('gives a page of many commits in parts, and tells once what it took', async () => {
    const many = { client, table: freshName('events') }
    await createTable(client, eventTableDefinition(many.table))
    const writer = dynamoEventStore({ ...many, ...testStamp })
    for (let nth = 0; nth < 300; nth += 1) {
      await writer.append(writer.emptyStream({ tenant: 'acme', type: 'order', id: `id ${nth}` }), draftOf('c', nth))
    }
    const input = { TableName: many.table, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' } as const
    const whole = await client.send(new ScanCommand({ ...input, Limit: 1_000 }))
    const parts = await Array.fromAsync(dynamoScan(many)({ segment: 0, of: 1 }))
    expect(parts.map(({ commits: found }) => found.length)).toEqual([250, 50])
    expect(new Set(parts.flatMap((part) => part.commits.map(nameOf))).size).toBe(300)
    expect(parts.map(({ read }) => read)).toEqual([0, whole.ScannedCount])
    expect(parts.map(({ units }) => units)).toEqual([0, whole.ConsumedCapacity?.CapacityUnits])
  })

  test('goes on behind any commit that it has found', async () => {
    const range = { streamTypes: ['order', 'stock'], segment: 1, of: 2, limit: 5 }
    const found = await all(range)
    for (const at of [0, 10, found.length - 1]) {
      const after = found[at]
      if (after === undefined) throw new Error('unreachable')
      expect((await all({ ...range, after })).map(nameOf)).toEqual(found.slice(at + 1).map(nameOf))
    }
  })

  test('tells which commit cannot be trusted, and finds the others', async () => {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: 'acme#order#bad' }, sk: { N: '1' }, format: { N: '1' } },
      }),
    )
    const found = await ofAllSegments({ streamTypes: ['order'] })
    const bad = found.filter(({ commit }) => E.isLeft(commit))
    expect(bad.map(nameOf)).toEqual(['acme/order/bad@1'])
    expect(found).toHaveLength(181)
  })
})

test('an engine that is away is a fault', async () => {
  const scan = dynamoScan({ client: dynamoDbClient('http://127.0.0.1:9'), table: 'nowhere' })
  const reading = Array.fromAsync(scan({ segment: 0, of: 1, streamTypes: ['order'] }))
  await expect(reading).rejects.toThrow(EventStoreFault)
})
