import {
  type _Record,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  InvalidArgumentException,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis'
import { type IteratorApi, type IteratorPage, iteratorSource } from './iterator-source.ts'
import type { FeedRecord, Shard, ShardSource, StreamIdentity } from './port.ts'

/** Kinesis: records a GetRecords call, at most. */
const MAXIMUM_LIMIT = 10_000

const feedRecord = (record: _Record): FeedRecord<_Record> => {
  if (record.SequenceNumber === undefined) throw new Error('Kinesis record without a sequence number')
  return {
    sequenceNumber: record.SequenceNumber,
    arrivedAt: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
    payload: record,
  }
}

const identityOf = async (client: KinesisClient, name: string): Promise<StreamIdentity> => {
  const { StreamDescriptionSummary: stream } = await client.send(new DescribeStreamSummaryCommand({ StreamName: name }))
  const created = stream?.StreamCreationTimestamp
  if (stream?.StreamARN === undefined || created === undefined) throw new Error(`stream ${name} has no description`)
  return { arn: stream.StreamARN, incarnation: `${stream.StreamARN}@${created.toISOString()}` }
}

const listShards = async (client: KinesisClient, name: string): Promise<ReadonlyArray<Shard>> => {
  const shards: Shard[] = []
  let token: string | undefined
  do {
    const page = await client.send(new ListShardsCommand(token ? { NextToken: token } : { StreamName: name }))
    for (const { ShardId, ParentShardId, AdjacentParentShardId } of page.Shards ?? []) {
      const parents = [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined)
      if (ShardId !== undefined) shards.push({ shardId: ShardId, parents })
    }
    token = page.NextToken
  } while (token !== undefined)
  return shards
}

const iteratorAt = async (
  client: KinesisClient,
  name: string,
  shardId: string,
  after: string | null,
): Promise<string> => {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: name,
      ShardId: shardId,
      ...(after === null
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: after }),
    }),
  )
  if (ShardIterator === undefined) throw new Error(`no iterator for shard ${shardId}`)
  return ShardIterator
}

const recordsAt = async (client: KinesisClient, iterator: string, limit: number): Promise<IteratorPage<_Record>> => {
  const page = await client.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, MAXIMUM_LIMIT) }),
  )
  return { records: (page.Records ?? []).map(feedRecord), next: page.NextShardIterator }
}

/** A Kinesis stream by name. Its creation time tells incarnations apart: the embedded engine loses its streams when it stops. */
export const kinesisSource = (
  client: KinesisClient,
  name: string,
  onTrimmed: (shardId: string, after: string | null) => void,
): ShardSource<_Record> => {
  const api: IteratorApi<_Record> = {
    identity: () => identityOf(client, name),
    shards: () => listShards(client, name),
    iterator: (shardId, after) => iteratorAt(client, name, shardId, after),
    records: (iterator, limit) => recordsAt(client, iterator, limit),
    isTrimmed: (error) => error instanceof InvalidArgumentException,
  }
  return iteratorSource(api, onTrimmed)
}
