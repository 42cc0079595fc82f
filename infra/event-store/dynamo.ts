import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import type { ObjectStorage } from '../objects/port.ts'
import { positionBehind, type Stamp, seal } from './commit.ts'
import { storableText } from './draft.ts'
import { itemOf, itemSize } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import { largeCommits } from './large-commits.ts'
import { ITEM_LIMIT } from './limits.ts'
import { type EventStore, EventStoreFault, type StreamName } from './port.ts'
import { assertMadeByStore, emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'

export type DynamoEventStoreOptions = Stamp & {
  readonly client: DynamoDBClient
  readonly table: string
  /** Where the events of large commits are kept; without it a commit is limited to what an item can hold. */
  readonly objects?: ObjectStorage
}

const fault = (doing: string, stream: StreamName, cause: unknown): EventStoreFault =>
  new EventStoreFault(`${doing} ${partitionKeyOf(stream)} failed: ${cause instanceof Error ? cause.message : cause}`, {
    cause,
  })

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

/**
 * The event store on DynamoDB: one commit, one item, one conditional put; before it, for a large commit, one object. A position
 * was the end of its stream once and commits are never removed, so the item behind it either follows without a gap or is already
 * there (a conflict).
 */
export const dynamoEventStore = ({ client, table, objects, ...stamp }: DynamoEventStoreOptions): EventStore => {
  const { keep, commitOf } = largeCommits(objects)
  return {
    emptyStream,
    append: async (position, draft) => {
      assertMadeByStore(position)
      const eventsText = storableText(position.stream, draft)
      const kept = await keep(position.stream, eventsText)
      if (E.isLeft(kept)) return kept
      const sealed = seal(position, draft, stamp, eventsText)
      const { commit } = sealed
      const item = itemOf(sealed, kept.right)
      const size = itemSize(item)
      if (size > ITEM_LIMIT) return E.left({ _tag: 'CommitTooLarge', size, limit: ITEM_LIMIT })
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        )
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) {
          throw fault('appending to', position.stream, error)
        }
        const winner = await commitOf(error.Item)
        // The client's own retry after a lost answer meets the commit that its first try wrote.
        if (winner.commitId !== commit.commitId) {
          return E.left({ _tag: 'Conflict', winner: { commit: winner, position: positionBehind(winner) } })
        }
      }
      return E.right({ commit, position: positionBehind(commit) })
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
        for (const item of page.Items ?? []) yield next(await commitOf(item))
        startKey = page.LastEvaluatedKey
      } while (startKey !== undefined)
    },
  }
}
