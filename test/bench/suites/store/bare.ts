import { gunzipSync } from 'node:zlib'
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import * as t from 'io-ts'
import type { Item as OurItem } from '../../../../infra/event-store/item.ts'
import { partitionKeyOf } from '../../../../infra/event-store/keys.ts'
import { eventTableDefinition } from '../../../../infra/event-store/table.ts'
import type { Append, Contender, Item, Store, StoredEntry } from './contender.ts'
import type { Posting } from './ledger.ts'
import { itemsOf, streamOf, writeAll } from './sealed.ts'

const TABLE = 'bench-bare-events'

const keyOf = (ledger: string): string => partitionKeyOf(streamOf(ledger))

/** The whole stream, page by page; nothing is decoded but what the SDK decodes. */
const read = async (client: DynamoDBClient, ledger: string): Promise<ReadonlyArray<Item>> => {
  const items: Item[] = []
  let startKey: QueryCommandInput['ExclusiveStartKey']
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: TABLE,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: keyOf(ledger) } },
        ExclusiveStartKey: startKey,
      }),
    )
    items.push(...(page.Items ?? []))
    startKey = page.LastEvaluatedKey
  } while (startKey !== undefined)
  return items
}

/** An item of Daybook's shape and size for each size of posting, made once: sealing and packing are not what must be done. */
const templates = (): ((posting: Posting) => OurItem) => {
  const made = new Map<number, OurItem>()
  return (posting) => {
    const known = made.get(posting.lines.length) ?? itemsOf('template', [posting])[0]
    if (known === undefined) throw new Error('a posting makes one item')
    made.set(posting.lines.length, known)
    return known
  }
}

/** Puts a posting's item behind `version`; answers whether it was the first there. */
const putter = (client: DynamoDBClient) => {
  const templateOf = templates()
  return async (ledger: string, posting: Posting, version: number): Promise<boolean> => {
    const key = { pk: { S: keyOf(ledger) }, sk: { N: String(version + 1) } }
    const item = { ...templateOf(posting), ...key, commandId: { S: posting.id } }
    try {
      await client.send(
        new PutItemCommand({ TableName: TABLE, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false
      throw error
    }
  }
}

/** The version of a stream's end, where all of its postings have this size: known from the sort keys, without decoding. */
const versionOf = (items: ReadonlyArray<Item>, size: number): number => {
  const last = items.at(-1)?.['sk']?.N
  return last === undefined ? 0 : Number(last) - 1 + size
}

const sizeOf = ([first, second]: ReadonlyArray<Item>): number => Number(second?.['sk']?.N) - Number(first?.['sk']?.N)

const open = (client: DynamoDBClient): Store => {
  const put = putter(client)
  const versions = new Map<string, number>()
  const reloading: Append = async (ledger, posting) => {
    const size = posting.lines.length
    while (!(await put(ledger, posting, versionOf(await read(client, ledger), size)))) {}
  }
  return {
    seed: async (ledger, postings) => {
      await writeAll(client, TABLE, itemsOf(ledger, postings))
      versions.set(ledger, postings.flatMap(({ lines }) => lines).length)
    },
    append: {
      cold: reloading,
      warm: async (ledger, posting) => {
        const version = versions.get(ledger) ?? 0
        if (!(await put(ledger, posting, version))) throw new Error(`${ledger} is not at version ${version}`)
        versions.set(ledger, version + posting.lines.length)
      },
      contended: reloading,
    },
    load: async (ledger) => {
      const items = await read(client, ledger)
      return versionOf(items, sizeOf(items))
    },
  }
}

const Events = t.array(t.unknown)

const entriesIn = ({ sk, commandId, events }: Item): ReadonlyArray<StoredEntry> => {
  const decoded: unknown = JSON.parse(events?.S ?? gunzipSync(events?.B ?? '').toString('utf8'))
  if (!Events.is(decoded)) throw new Error('an item holds no events')
  return decoded.map((_, part) => ({ version: Number(sk?.N) + part, posting: commandId?.S ?? '', part }))
}

/** Requests of the SDK and nothing else: no folding, no deciding, no sealing. */
export const bare: Contender = {
  name: 'bare',
  table: { ...eventTableDefinition(TABLE), TableName: TABLE },
  open,
  partitionKeyOf: keyOf,
  entriesIn,
}
