import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { itemOf } from '../../../../infra/event-store/item.ts'
import type { Commit } from '../../../../infra/event-store/port.ts'
import { createTable, eventTableDefinition } from '../../../../infra/event-store/table.ts'
import { commitOf, orderOf } from '../../orders.ts'

export const TENANT = 'bench'

/** Lines of an order: the reports' rows of an event are then six. */
const LINES = 3

/** DynamoDB: items a BatchWriteItem. */
const BATCH = 25
const WRITERS = 4

/** Orders from number `from` on, placed: one event each, a stream each. */
export const ordersFrom = (from: number, count: number): ReadonlyArray<ReturnType<typeof commitOf>> =>
  Array.from({ length: count }, (_, nth) => commitOf(TENANT, orderOf(from + nth, LINES)))

/**
 * Writes commits as they are, faster than commands would: what is measured comes afterwards. Answers them.
 */
export const writeOrders = async (
  client: DynamoDBClient,
  table: string,
  from: number,
  count: number,
  onWritten: (commits: ReadonlyArray<Commit>) => void = () => {},
): Promise<void> => {
  let next = from
  const writer = async (): Promise<void> => {
    while (next < from + count) {
      const begin = next
      next += BATCH
      const sealed = ordersFrom(begin, Math.min(BATCH, from + count - begin))
      let left = sealed.map((each) => ({ PutRequest: { Item: itemOf(each) } }))
      while (left.length > 0) {
        const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: left } }))
        const again = UnprocessedItems?.[table]?.length ?? 0
        left = left.slice(left.length - again)
      }
      onWritten(sealed.map(({ commit }) => commit))
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}

/** An event table, with its stream where somebody follows it: what nobody reads only takes room. */
export const createBook = (client: DynamoDBClient, table: string, followed: boolean): Promise<void> =>
  createTable(client, {
    ...eventTableDefinition(table),
    ...(followed ? {} : { StreamSpecification: { StreamEnabled: false } }),
  })
