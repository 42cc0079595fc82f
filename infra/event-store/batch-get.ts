import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Image } from './item.ts'
import { EVENT_TABLE } from './keys.ts'
import { EventStoreFault } from './port.ts'

export type Key = Record<string, AttributeValue>

export type BatchGetOptions = {
  readonly client: DynamoDBClient
  readonly table: string
  /** Waits before try number `attempt` (from 1) at what a batch left over. */
  readonly backOff: (attempt: number) => Promise<void>
}

/** Tries in a row that answer nothing. */
const FRUITLESS_TRIES = 10

/** An item's key as text. */
export const nameOf = (key: Image): string => `${key[EVENT_TABLE.partitionKey]?.S}@${key[EVENT_TABLE.sortKey]?.N}`

/**
 * The items of up to 100 keys, by `nameOf`; absent ones are left out. What a batch leaves over (more than 16 MB, throttled) is
 * asked for again. Read consistently: an index may have learned of an item before every replica has it.
 */
export const batchGet = async (
  { client, table, backOff }: BatchGetOptions,
  wanted: ReadonlyArray<Key>,
): Promise<ReadonlyMap<string, Image>> => {
  const items = new Map<string, Image>()
  let keys = [...wanted]
  for (let fruitless = 0; ; ) {
    const get = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } })
    const { Responses, UnprocessedKeys } = await client.send(get)
    const answered: ReadonlyArray<Image> = Responses?.[table] ?? []
    for (const item of answered) items.set(nameOf(item), item)
    keys = UnprocessedKeys?.[table]?.Keys ?? []
    if (keys.length === 0) return items
    fruitless = answered.length > 0 ? 0 : fruitless + 1
    if (fruitless === FRUITLESS_TRIES) {
      throw new EventStoreFault(
        `${keys.length} items of a batch were left over ${fruitless} times in a row`,
        'throttled',
      )
    }
    await backOff(fruitless + 1)
  }
}
