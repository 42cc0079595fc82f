import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { ulidTime } from '../ulids.ts'
import { appending, type PutOutcome } from './append.ts'
import type { Sealed, Stamp } from './commit.ts'
import { clockCheck } from './engine-time.ts'
import { commitOfImage, type Image, itemOf, itemSize } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import { type Commit, type EventStore, EventStoreFault, type StreamName } from './port.ts'
import { emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'
import { StampExpired, sendStamped } from './stamped-write.ts'
import { AWS_BOUNDS, type TimeBounds } from './time-bounds.ts'

/** DynamoDB: 400 KB an item; the rest is our margin for the way it counts numbers. */
const ITEM_LIMIT = 400 * 1024 - 1024

export type DynamoEventStoreOptions = Stamp & {
  readonly client: DynamoDBClient
  readonly table: string
  /** Default: `AWS_BOUNDS`. */
  readonly bounds?: TimeBounds
}

const fault = (doing: string, stream: StreamName, cause: unknown): EventStoreFault =>
  new EventStoreFault(`${doing} ${partitionKeyOf(stream)} failed: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  })

const trusted = (image: Image): Commit => {
  const commit = commitOfImage(image)
  if (E.isLeft(commit)) throw commit.left
  return commit.right
}

const queryOf = (table: string, stream: StreamName, after: number, through: number | undefined): QueryCommandInput => ({
  TableName: table,
  ConsistentRead: true,
  KeyConditionExpression:
    through === undefined ? 'pk = :pk AND sk > :after' : 'pk = :pk AND sk BETWEEN :from AND :through',
  ExpressionAttributeValues: {
    ':pk': { S: partitionKeyOf(stream) },
    ...(through === undefined
      ? { ':after': { N: String(after) } }
      : { ':from': { N: String(after + 1) }, ':through': { N: String(through) } }),
  },
})

const putIn =
  ({ client, table, clock, bounds = AWS_BOUNDS }: DynamoEventStoreOptions) =>
  async (sealed: Sealed): Promise<PutOutcome> => {
    const { commit } = sealed
    const item = itemOf(sealed)
    const size = itemSize(item)
    if (size > ITEM_LIMIT) return { _tag: 'CommitTooLarge', size, limit: ITEM_LIMIT }
    const put = new PutItemCommand({
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    try {
      await sendStamped(client, put, { stampedAt: ulidTime(commit.commitId), clock, life: bounds.stampLife })
      return { _tag: 'Stored', commit }
    } catch (error) {
      if (error instanceof StampExpired) return { _tag: 'Unanswered' }
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) {
        throw fault('appending to', commit.stream, error)
      }
      return { _tag: 'Taken', by: trusted(error.Item) }
    }
  }

/**
 * The event store on DynamoDB: one commit, one item, one conditional put. A position was the end of its stream once and
 * commits are never removed, so the item behind it either follows without a gap or is already there (a conflict).
 */
export const dynamoEventStore = (options: DynamoEventStoreOptions): EventStore => {
  const { client, table } = options
  const append = appending(options, putIn(options))
  const clocks = clockCheck(options)
  return {
    emptyStream,
    append: async (position, draft) => {
      await clocks.inStep()
      return append(position, draft)
    },
    read: async function* (stream, { after = 0, through } = {}) {
      if (through !== undefined && through <= after) return
      const next = inSequence(after)
      const query = queryOf(table, stream, after, through)
      let startKey: QueryCommandInput['ExclusiveStartKey']
      do {
        const page = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: startKey })).catch((error) => {
          throw fault('reading', stream, error)
        })
        for (const item of page.Items ?? []) yield next(trusted(item))
        startKey = page.LastEvaluatedKey
      } while (startKey !== undefined)
    },
  }
}
