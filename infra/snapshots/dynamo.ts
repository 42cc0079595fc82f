import { hash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { partitionKeyOf } from '../event-store/keys.ts'
import type { StreamName } from '../event-store/port.ts'
import { type CommandPage, PAGE_SIZE, type Snapshot, type Snapshots } from './port.ts'

/** DynamoDB: 400 KB an item; a state that packs to more is folded from its events instead. */
const LARGEST_STATE = 380 * 1024
/** Of a state, unpacked: more was not written by us. */
const MAX_STATE_BYTES = 64 * 1024 * 1024

/** All that is kept of a stream lies together: its pages, and a state for each schema. */
export const snapshotTableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
})

type Item = { readonly [name: string]: AttributeValue }

const stateKey = (schema: number): string => `state#${schema}`
const pageKey = (nth: number): string => `page#${String(nth).padStart(6, '0')}`

const pageSum = ({ after, through, ids }: CommandPage): string => hash('sha256', [after, through, ...ids].join(' '))

const pageAttributes = (page: CommandPage): Item => ({
  after: { N: String(page.after) },
  through: { N: String(page.through) },
  ids: { B: new Uint8Array(Int32Array.from(page.ids).buffer) },
  sum: { S: pageSum(page) },
})

const Text = t.type({ S: t.string })
const Digits = t.type({ N: t.string })
const Bytes = t.type({ B: t.unknown })
const StoredPage = t.type({ sk: Text, after: Digits, through: Digits, ids: Bytes, sum: Text })
const StoredState = t.intersection([
  StoredPage,
  t.type({ version: Digits, hash: Text, state: Bytes, checksum: Text, fullPages: Digits }),
])

const bytesOf = ({ B }: t.TypeOf<typeof Bytes>): Uint8Array => (B instanceof Uint8Array ? B : new Uint8Array())

const pageOf = ({ after, through, ids, sum }: t.TypeOf<typeof StoredPage>): CommandPage | undefined => {
  const bytes = bytesOf(ids)
  if (bytes.byteLength % Int32Array.BYTES_PER_ELEMENT !== 0) return undefined
  // A copy, because a view of 32-bit integers must begin where they may.
  const numbers = [...new Int32Array(Uint8Array.from(bytes).buffer)]
  const page = { after: Number(after.N), through: Number(through.N), ids: numbers }
  return pageSum(page) === sum.S ? page : undefined
}

/** Whether these are the pages of a stream up to `version`: from its beginning, full but for the last, one behind the other. */
const areWhole = (pages: ReadonlyArray<CommandPage>, version: number): boolean =>
  pages.every(({ after, through, ids }, nth) => {
    const isLast = nth === pages.length - 1
    return (
      after === (pages[nth - 1]?.through ?? 0) &&
      (isLast ? ids.length <= PAGE_SIZE && through === version : ids.length === PAGE_SIZE)
    )
  })

const snapshotOf = (stream: StreamName, schema: number, items: ReadonlyArray<Item>): Snapshot | undefined => {
  const stored = StoredState.decode(items.find(({ sk }) => sk?.S === stateKey(schema)))
  if (E.isLeft(stored)) return undefined
  const { version, hash: hashAtVersion, state, checksum, fullPages } = stored.right
  const full = items.flatMap((item) => {
    const page = StoredPage.decode(item)
    const whole = E.isRight(page) && page.right.sk.S < pageKey(Number(fullPages.N)) ? pageOf(page.right) : undefined
    return whole === undefined ? [] : [whole]
  })
  const open = pageOf(stored.right)
  if (open === undefined) return undefined
  const commands = open.ids.length === 0 ? full : [...full, open]
  if (full.length !== Number(fullPages.N) || !areWhole(commands, Number(version.N))) return undefined
  const text = E.tryCatch(
    () => gunzipSync(bytesOf(state), { maxOutputLength: MAX_STATE_BYTES }).toString('utf8'),
    E.toError,
  )
  if (E.isLeft(text) || hash('sha256', text.right) !== checksum.S) return undefined
  return { stream, schema, version: Number(version.N), hash: hashAtVersion.S, state: JSON.parse(text.right), commands }
}

export const dynamoSnapshots = (client: DynamoDBClient, table: string): Snapshots => {
  const put = (item: Item, condition: Partial<ConstructorParameters<typeof PutItemCommand>[0]> = {}) =>
    client.send(new PutItemCommand({ TableName: table, Item: item, ...condition }))
  return {
    load: async (stream, schema) => {
      const items: Item[] = []
      let startKey: QueryCommandInput['ExclusiveStartKey']
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            // A state is written behind the pages that it counts on.
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: partitionKeyOf(stream) } },
            ExclusiveStartKey: startKey,
          }),
        )
        items.push(...(page.Items ?? []))
        startKey = page.LastEvaluatedKey
      } while (startKey !== undefined)
      return snapshotOf(stream, schema, items)
    },
    save: async ({ stream, schema, version, hash: hashAtVersion, state, commands }, pagesKept) => {
      const text = JSON.stringify(state)
      const packed = gzipSync(text)
      if (packed.byteLength > LARGEST_STATE) return
      const pk = { S: partitionKeyOf(stream) }
      const full = commands.filter(({ ids }) => ids.length === PAGE_SIZE)
      const open = commands[full.length] ?? { after: version, through: version, ids: [] }
      for (const [nth, page] of full.entries()) {
        if (nth >= pagesKept) await put({ pk, sk: { S: pageKey(nth) }, ...pageAttributes(page) })
      }
      const item: Item = {
        pk,
        sk: { S: stateKey(schema) },
        version: { N: String(version) },
        hash: { S: hashAtVersion },
        state: { B: packed },
        checksum: { S: hash('sha256', text) },
        fullPages: { N: String(full.length) },
        ...pageAttributes(open),
      }
      try {
        await put(item, {
          ConditionExpression: 'attribute_not_exists(pk) OR version < :version',
          ExpressionAttributeValues: { ':version': { N: String(version) } },
        })
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
      }
    },
  }
}
