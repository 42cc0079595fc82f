import { setTimeout as sleep } from 'node:timers/promises'
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Sealed } from '../../infra/event-store/commit.ts'
import { itemOf } from '../../infra/event-store/item.ts'
import { createTable, eventTableDefinition } from '../../infra/event-store/table.ts'
import { indexScans } from '../../infra/local/engines/sqlite-indexes.ts'
import { commitOf, orderOf } from './orders.ts'

/** Lines of an order: the reports' rows of an event are then six. */
const LINES = 3

/** DynamoDB: items a BatchWriteItem. */
const BATCH = 25
const WRITERS = 4

type Book = {
  readonly client: DynamoDBClient
  readonly table: string
  readonly tenant: string
  /** The first commit of stream number `nth`; default an order that is placed. */
  readonly commitOf?: (tenant: string, nth: number) => Sealed
}

const orderPlaced = (tenant: string, nth: number): Sealed => commitOf(tenant, orderOf(nth, LINES))

/** Writes commits number `from` to `from + count - 1` in one request. */
const writeBatch = async (
  { client, table, tenant, commitOf: sealedOf = orderPlaced }: Book,
  from: number,
  count: number,
): Promise<void> => {
  const puts = Array.from({ length: count }, (_, nth) => ({
    PutRequest: { Item: itemOf(sealedOf(tenant, from + nth)) },
  }))
  const { UnprocessedItems = {} } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }))
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('the engine left items of a batch over')
}

/** Writes so many commits as they are, one event and a stream each, faster than commands would: what is measured comes afterwards. */
export const writeBook = async (book: Book, count: number): Promise<void> => {
  let next = 0
  const writer = async (): Promise<void> => {
    while (next < count) {
      const from = next
      next += BATCH
      await writeBatch(book, from, Math.min(BATCH, count - from))
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}

/** Commits of one request, where they come evenly. */
const AT_ONCE = 5

/** Writes so many commits, so many a second, whatever becomes of them. */
export const trickle = async (book: Book, count: number, perSecond: number): Promise<void> => {
  const begin = performance.now()
  const writing: Array<Promise<void>> = []
  for (let from = 0; from < count; from += AT_ONCE) {
    const early = begin + (from / perSecond) * 1_000 - performance.now()
    if (early > 0) await sleep(early)
    writing.push(writeBatch(book, from, Math.min(AT_ONCE, count - from)))
  }
  await Promise.all(writing)
}

/** An event table that somebody follows. */
export const createFollowed = (client: DynamoDBClient, table: string): Promise<void> =>
  createTable(client, eventTableDefinition(table))

/** An event table to be scanned, without a stream, which nobody would read, and with the index that `npm start` gives dynoxide. */
export const createScanned = async (client: DynamoDBClient, table: string, databaseFile: string): Promise<void> => {
  await createTable(client, { ...eventTableDefinition(table), StreamSpecification: { StreamEnabled: false } })
  if (!indexScans(databaseFile, table)) throw new Error(`${table} has no index for scans: this dynoxide is another one`)
}
