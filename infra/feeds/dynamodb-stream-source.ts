import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams'
import { type IteratorApi, type IteratorPage, iteratorSource } from './iterator-source.ts'
import type { FeedRecord, Shard, ShardSource } from './port.ts'

/** DynamoDB Streams: records a GetRecords call, at most. */
const MAXIMUM_LIMIT = 1_000

const feedRecord = (record: _Record): FeedRecord<_Record> => {
  const sequenceNumber = record.dynamodb?.SequenceNumber
  if (sequenceNumber === undefined) throw new Error(`stream record ${record.eventID} has no sequence number`)
  return {
    sequenceNumber,
    arrivedAt: record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0,
    payload: record,
  }
}

const listShards = async (client: DynamoDBStreamsClient, arn: string): Promise<ReadonlyArray<Shard>> => {
  const shards: Shard[] = []
  let startAfter: string | undefined
  do {
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: arn, ...(startAfter && { ExclusiveStartShardId: startAfter }) }),
    )
    for (const { ShardId, ParentShardId } of page?.Shards ?? []) {
      if (ShardId !== undefined) shards.push({ shardId: ShardId, parents: ParentShardId ? [ParentShardId] : [] })
    }
    startAfter = page?.LastEvaluatedShardId
  } while (startAfter !== undefined)
  return shards
}

const iteratorAt = async (
  client: DynamoDBStreamsClient,
  arn: string,
  shardId: string,
  after: string | null,
): Promise<string> => {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn: arn,
      ShardId: shardId,
      ...(after === null
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
    }),
  )
  if (ShardIterator === undefined) throw new Error(`no iterator for shard ${shardId}`)
  return ShardIterator
}

const recordsAt = async (
  client: DynamoDBStreamsClient,
  iterator: string,
  limit: number,
): Promise<IteratorPage<_Record>> => {
  const page = await client.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, MAXIMUM_LIMIT) }),
  )
  return { records: (page.Records ?? []).map(feedRecord), next: page.NextShardIterator }
}

/**
 * A DynamoDB stream. Its ARN carries the time of its creation, so it names the incarnation, too. A shard counts as closed only
 * when no iterator follows: some engines give open shards an ending sequence number.
 */
export const dynamoDBStreamSource = (
  client: DynamoDBStreamsClient,
  streamArn: string,
  onTrimmed: (shardId: string, after: string | null) => void,
): ShardSource<_Record> => {
  const api: IteratorApi<_Record> = {
    identity: async () => ({ arn: streamArn, incarnation: streamArn }),
    shards: () => listShards(client, streamArn),
    iterator: (shardId, after) => iteratorAt(client, streamArn, shardId, after),
    records: (iterator, limit) => recordsAt(client, iterator, limit),
    isTrimmed: (error) => error instanceof TrimmedDataAccessException,
  }
  return iteratorSource(api, onTrimmed)
}
