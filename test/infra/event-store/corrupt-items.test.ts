import { type AttributeValue, DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, expect, test } from 'vitest'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../infra/event-store/dynamo.ts'
import { partitionKeyOf } from '../../../infra/event-store/keys.ts'
import { type Commit, CorruptCommit, type Draft, type StreamName } from '../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { memoryObjects } from '../../../infra/objects/memory.ts'
import { draftOf } from '../../contracts/event-store.ts'
import { noise } from '../../contracts/noise.ts'
import { dynamodbEndpoints, freshName } from '../../engines/engines.ts'
import { testStamp } from './stamp.ts'

const client = dynamoDbClient(dynamodbEndpoints().dynoxide)
const table = freshName('events')
const store = dynamoEventStore({ client, table, objects: memoryObjects(), ...testStamp })

/** A commit whose events are plain, one whose events are packed, one whose events are an object, and the end. */
const drafts: ReadonlyArray<Draft> = [
  draftOf('plain', { quantity: 6 }),
  draftOf('packed', { text: noise(4_000) }, { text: 'more' }),
  draftOf('offloaded', { text: noise(600_000) }),
  draftOf('end', 'end'),
].map((draft) => ({ ...draft, causationId: 'cause' }))

const commitsOf = async (stream: StreamName): Promise<ReadonlyArray<Commit>> =>
  (await Array.fromAsync(store.read(stream))).map(({ commit }) => commit)

const write = async (stream: StreamName): Promise<ReadonlyArray<Commit>> => {
  let position = store.emptyStream(stream)
  for (const draft of drafts) {
    const appended = await store.append(position, draft)
    if (E.isLeft(appended)) throw new Error('not appended')
    position = appended.right.position
  }
  return commitsOf(stream)
}

type Item = Record<string, AttributeValue>

const itemsOf = async (stream: StreamName): Promise<ReadonlyArray<Item>> => {
  const ExpressionAttributeValues = { ':pk': { S: partitionKeyOf(stream) } }
  const query = { TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues }
  return (await client.send(new QueryCommand(query))).Items ?? []
}

const put = (item: Item) => client.send(new PutItemCommand({ TableName: table, Item: item }))
const remove = ({ pk, sk }: Item) =>
  client.send(new DeleteItemCommand({ TableName: table, Key: { ...(pk && { pk }), ...(sk && { sk }) } }))

beforeAll(() => createTable(client, eventTableDefinition(table)))

/** How an attribute is altered; `at` from 0 to 1 says where in it. */
type Alteration = { readonly how: 'remove' | 'retype' | 'flip' | 'cut'; readonly at: number }

const placeIn = (length: number, at: number): number => Math.min(length - 1, Math.floor(at * length))

const flipped = (value: AttributeValue, at: number): AttributeValue => {
  if (value.N !== undefined) return { N: String(Number(value.N) + 1) }
  if (value.S !== undefined) {
    const place = placeIn(value.S.length, at)
    return { S: value.S.slice(0, place) + (value.S[place] === 'x' ? 'y' : 'x') + value.S.slice(place + 1) }
  }
  const bytes = Uint8Array.from(value.B ?? [])
  const place = placeIn(bytes.length, at)
  return { B: bytes.with(place, (bytes[place] ?? 0) ^ 0x10) }
}

const cut = (value: AttributeValue, at: number): AttributeValue => {
  if (value.S !== undefined) return { S: value.S.slice(0, placeIn(value.S.length, at)) }
  return value.B === undefined ? flipped(value, at) : { B: value.B.slice(0, placeIn(value.B.length, at)) }
}

const retyped = (value: AttributeValue): AttributeValue => (value.S === undefined ? { S: '1' } : { N: '1' })

const altered = (item: Item, name: string, { how, at }: Alteration): Item => {
  const value = item[name]
  if (value === undefined) throw new Error(`there is no ${name}`)
  const { [name]: _, ...rest } = item
  if (how === 'remove') return rest
  return { ...rest, [name]: how === 'retype' ? retyped(value) : how === 'cut' ? cut(value, at) : flipped(value, at) }
}

/** The index's bucket is no part of a commit, and an index key must be a string; bytes 3 to 9 of a gzip say nothing of its text. */
const isNoPartOfIt = (item: Item, name: string, { how, at }: Alteration): boolean => {
  const bytes = item[name]?.B
  const place = bytes === undefined ? 0 : placeIn(bytes.length, at)
  return name === 'bucket' || (how === 'flip' && bytes !== undefined && place >= 3 && place <= 9)
}

const alteration = fc.record<Alteration>({
  how: fc.constantFrom('remove', 'retype', 'flip', 'cut'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
})

test('whatever is altered in a stored item, its readers stop at it by name, and other streams are read', async () => {
  const stream = { tenant: 'acme', type: 'order', id: 'altered' }
  const other = { tenant: 'acme', type: 'order', id: 'other' }
  const [commits, others] = [await write(stream), await write(other)]
  const items = await itemsOf(stream)
  const places = items.flatMap((item) =>
    Object.keys(item)
      .filter((name) => name !== 'pk' && name !== 'sk')
      .map((name) => ({ item, name })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), alteration, async ({ item, name }, change) => {
      // DynamoDB itself refuses keys of an index that are of another type or empty.
      fc.pre(!(['bucket', 'commitId'].includes(name) && (change.how === 'retype' || change.how === 'cut')))
      await put(altered(item, name, change))
      try {
        if (isNoPartOfIt(item, name, change)) expect(await commitsOf(stream)).toEqual(commits)
        else {
          const error: unknown = await commitsOf(stream).catch((reason: unknown) => reason)
          expect(error).toBeInstanceOf(CorruptCommit)
          expect(error).toMatchObject({ stream, version: Number(item['sk']?.N) })
        }
        expect(await commitsOf(other)).toEqual(others)
      } finally {
        await put(item)
      }
    }),
    { numRuns: 200 },
  )
  expect(await commitsOf(stream)).toEqual(commits)
})

test.each([
  ['commitId', 'remove', /its commitId is missing or of another type/],
  ['format', 'flip', /its object is missing or of another type/],
  ['hash', 'flip', /its hash does not match its content/],
  ['subject', 'flip', /its hash does not match its content/],
  ['events', 'remove', /its events cannot be read: they are missing/],
  ['events', 'cut', /its events cannot be read: /],
] as const)('a reader says what is wrong with an item: %s, %s', async (name, how, reason) => {
  const stream = { tenant: 'acme', type: 'order', id: `reason ${name} ${how}` }
  await write(stream)
  const [item] = await itemsOf(stream)
  await put(altered(item ?? {}, name, { how, at: 0.5 }))
  await expect(commitsOf(stream)).rejects.toThrow(reason)
})

test.each([
  ['an unknown format', { format: { N: '3' } }, /its format 3 is not known/],
  ['events that are no JSON', { events: { S: 'nonsense' } }, /its events cannot be read: /],
  ['no events', { events: { S: '[]' } }, /it has no events/],
  ['an event without a schema version', { events: { S: '[{"data":1,"type":"Happened"}]' } }, /\/0\/schemaVersion/],
  ['other events', { events: { S: '[{"data":1,"schemaVersion":1,"type":"Happened"}]' } }, /its hash does not match/],
])('a reader says what is wrong with an item: %s', async (what, change, reason) => {
  const stream = { tenant: 'acme', type: 'order', id: `reason ${what}` }
  await write(stream)
  const [item] = await itemsOf(stream)
  await put({ ...item, ...change })
  await expect(commitsOf(stream)).rejects.toThrow(reason)
})

test('an item that stands in another place is corrupt there, and leaves a hole that is noticed', async () => {
  const stream = { tenant: 'acme', type: 'order', id: 'moved' }
  const elsewhere = { tenant: 'other', type: 'order', id: 'moved' }
  await write(stream)
  const [, second] = await itemsOf(stream)
  if (second === undefined) throw new Error('there is no second item')
  await put({ ...second, pk: { S: partitionKeyOf(elsewhere) }, sk: { N: '1' } })
  await expect(commitsOf(elsewhere)).rejects.toThrow(/other\/order\/moved@1 is corrupt: its hash does not match/)
  await remove(second)
  await expect(commitsOf(stream)).rejects.toThrow(/acme\/order\/moved@4 is corrupt: it follows version 1/)
  await put({ ...second, sk: { N: '3' } })
  await expect(commitsOf(stream)).rejects.toThrow(/acme\/order\/moved@3 is corrupt: its hash does not match/)
})
