import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import { positionBehind, type Stamp, seal } from './commit.ts'
import { faultOf } from './dynamo-fault.ts'
import { commitOfImage, type Image, ITEM_LIMIT, itemOf, itemSize } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import type { Commit, EventStore, StreamName } from './port.ts'
import { assertMadeByStore, emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'

export type DynamoEventStoreOptions = Stamp & { readonly client: DynamoDBClient; readonly table: string }

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

/**
 * The event store on DynamoDB: one commit, one item, one conditional put. A position was the end of its stream once and
 * commits are never removed, so the item behind it either follows without a gap or is already there (a conflict).
 */
export const dynamoEventStore = ({ client, table, ...stamp }: DynamoEventStoreOptions): EventStore => ({
  emptyStream,
  append: async (position, draft) => {
    assertMadeByStore(position)
    const sealed = seal(position, draft, stamp)
    const { commit } = sealed
    const item = itemOf(sealed)
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
        throw faultOf('appending to', position.stream, error)
      }
      const winner = trusted(error.Item)
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
    const ask = (startKey?: QueryCommandInput['ExclusiveStartKey']): Promise<QueryCommandOutput> =>
      client.send(new QueryCommand({ ...query, ExclusiveStartKey: startKey }))
    let asked: Promise<QueryCommandOutput> | undefined = ask()
    while (asked !== undefined) {
      const page: QueryCommandOutput = await asked.catch((error) => {
        throw faultOf('reading', stream, error)
      })
      // The engine works on the next page while this one is decoded. A reader who stops early does not wait for it.
      asked = page.LastEvaluatedKey && ask(page.LastEvaluatedKey)
      asked?.catch(() => {})
      for (const item of page.Items ?? []) yield next(trusted(item))
    }
  },
  tail: async (stream, commits) => {
    const newest = { ...queryOf(table, stream, 0, undefined), ScanIndexForward: false, Limit: commits }
    const page = await client.send(new QueryCommand(newest)).catch((error) => {
      throw faultOf('reading', stream, error)
    })
    const found = (page.Items ?? []).map(trusted).reverse()
    return found.map(inSequence((found[0]?.version ?? 1) - 1))
  },
})
