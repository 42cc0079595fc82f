import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { ObjectStorage } from '../objects/port.ts'
import { ulidTime } from '../ulids.ts'
import { appending, type PutOutcome } from './append.ts'
import type { Sealed, Stamp } from './commit.ts'
import { faultOf } from './dynamo-fault.ts'
import { clockCheck } from './engine-time.ts'
import { itemOf, itemSize, type Kept } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import { type LargeCommits, largeCommits } from './large-commits.ts'
import { ITEM_LIMIT } from './limits.ts'
import { type Page, pageAsSent, pagesAsSent } from './page-as-sent.ts'
import type { EventStore, StreamName } from './port.ts'
import { emptyStream } from './position.ts'
import { inSequence } from './sequence.ts'
import { AT_EACH_SENDING, StampExpired, whileFresh, withinLife } from './stamped-write.ts'
import { AWS_BOUNDS, type TimeBounds } from './time-bounds.ts'

export type DynamoEventStoreOptions = Stamp & {
  readonly client: DynamoDBClient
  readonly table: string
  /** Where the events of large commits are kept; without it a commit is limited to what an item can hold. */
  readonly objects?: ObjectStorage
  /** Default: `AWS_BOUNDS`. */
  readonly bounds?: TimeBounds
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
  ({ client, table, clock, bounds = AWS_BOUNDS }: DynamoEventStoreOptions, commitOf: LargeCommits['commitOf']) =>
  async (sealed: Sealed, kept: Kept): Promise<PutOutcome> => {
    const { commit } = sealed
    const item = itemOf(sealed, kept)
    const size = itemSize(item)
    if (size > ITEM_LIMIT) return { _tag: 'CommitTooLarge', size, limit: ITEM_LIMIT }
    const put = new PutItemCommand({
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    try {
      const stamped = { stampedAt: ulidTime(commit.commitId), clock, life: bounds.stampLife }
      put.middlewareStack.add(whileFresh(stamped), AT_EACH_SENDING)
      await withinLife(stamped, (abortSignal) => client.send(put, { abortSignal }))
      return { _tag: 'Stored', commit }
    } catch (error) {
      if (error instanceof StampExpired) return { _tag: 'Unanswered' }
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) {
        throw faultOf('appending to', commit.stream, error)
      }
      return { _tag: 'Taken', by: await commitOf(error.Item) }
    }
  }

/**
 * The event store on DynamoDB: one commit, one item, one conditional put; before it, for a large commit, one object. A position
 * was the end of its stream once and commits are never removed, so the item behind it either follows without a gap or is already
 * there (a conflict).
 */
export const dynamoEventStore = (options: DynamoEventStoreOptions): EventStore => {
  const { client, table, objects } = options
  const { keep, commitOf } = largeCommits(objects)
  const clocks = clockCheck(options)
  const query = (input: QueryCommandInput): Promise<() => Page> =>
    pageAsSent(new QueryCommand(input), (command) => client.send(command))
  const append = appending(options, {
    keep: async (stream, eventsText) => {
      const kept = await keep(stream, eventsText)
      await clocks.inStep()
      return kept
    },
    put: putIn(options, commitOf),
  })
  return {
    emptyStream,
    append,
    read: async function* (stream, { after = 0, through } = {}) {
      if (through !== undefined && through <= after) return
      const next = inSequence(after)
      const asked = queryOf(table, stream, after, through)
      const ask = (startKey: Page['LastEvaluatedKey']) => query({ ...asked, ExclusiveStartKey: startKey })
      for await (const page of pagesAsSent(ask, (error) => faultOf('reading', stream, error))) {
        for (const item of page.Items ?? []) yield next(await commitOf(item))
      }
    },
    tail: async (stream, commits) => {
      const newest = { ...queryOf(table, stream, 0, undefined), ScanIndexForward: false, Limit: commits }
      const page = await query(newest)
        .then((read) => read())
        .catch((error) => {
          throw faultOf('reading', stream, error)
        })
      const found = await Promise.all((page.Items ?? []).toReversed().map(commitOf))
      return found.map(inSequence((found[0]?.version ?? 1) - 1))
    },
  }
}
