import { QueryCommand } from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ObjectStorage } from '../objects/port.ts'
import { type BatchGetOptions, batchGet, type Key, nameOf } from './batch-get.ts'
import { faultIn } from './dynamo-fault.ts'
import { type ClockCheck, clockCheck } from './engine-time.ts'
import type { Image } from './item.ts'
import { EVENT_TABLE, partitionKeyOf, streamOfPartitionKey } from './keys.ts'
import { type LargeCommits, largeCommits } from './large-commits.ts'
import type { Page } from './merge-pages.ts'
import { type Commit, CorruptCommit, EventStoreFault } from './port.ts'
import { type Entry, type IdRange, readingInTime } from './read-in-time.ts'
import { AWS_BOUNDS, type TimeBounds } from './time-bounds.ts'
import type { TimeIndex } from './time-index.ts'

export type DynamoTimeIndexOptions = BatchGetOptions & {
  readonly clock: () => Date
  /** As the writers have it: where the events of large commits are. */
  readonly objects?: ObjectStorage
  /** As the writers have them. Default: `AWS_BOUNDS`. */
  readonly bounds?: TimeBounds
  /** Entries that a query answers at most; 16 such pages are held at once. Default: 1,000, about 150 KB. */
  readonly pageSize?: number
}

const Text = t.strict({ S: t.string })
const IndexKey = t.strict({ pk: Text, sk: t.strict({ N: t.string }), commitId: Text })

export const entryOf = (image: Image): Entry => {
  const key = IndexKey.decode(image)
  const stream = E.isRight(key) ? streamOfPartitionKey(key.right.pk.S) : undefined
  if (E.isLeft(key) || stream === undefined)
    throw new EventStoreFault('the time index holds what is no key of a commit', 'refused')
  return { commitId: key.right.commitId.S, stream, version: Number(key.right.sk.N) }
}

const keyOf = ({ stream, version }: Entry): Key => ({
  [EVENT_TABLE.partitionKey]: { S: partitionKeyOf(stream) },
  [EVENT_TABLE.sortKey]: { N: String(version) },
})

/** The commit that an entry names, out of the items that were found. */
const commitOf = async (
  entry: Entry,
  items: ReadonlyMap<string, Image>,
  read: LargeCommits['commitOf'],
): Promise<Commit> => {
  const item = items.get(nameOf(keyOf(entry)))
  if (item === undefined) throw new CorruptCommit(entry.stream, entry.version, 'only the time index has it')
  const commit = await read(item)
  if (commit.commitId === entry.commitId) return commit
  throw new CorruptCommit(entry.stream, entry.version, `the time index calls it ${entry.commitId}`)
}

const pageOf = async (
  { client, table, pageSize = 1_000 }: DynamoTimeIndexOptions,
  bucket: string,
  { low, high }: IdRange,
  startKey: Key | undefined,
): Promise<{ readonly items: ReadonlyArray<Entry>; readonly last: Key | undefined }> => {
  const query = new QueryCommand({
    TableName: table,
    IndexName: EVENT_TABLE.timeIndex,
    KeyConditionExpression: '#bucket = :bucket AND #id BETWEEN :low AND :high',
    ExpressionAttributeNames: { '#bucket': EVENT_TABLE.timeBucket, '#id': EVENT_TABLE.commitId },
    ExpressionAttributeValues: { ':bucket': { S: bucket }, ':low': { S: low }, ':high': { S: high } },
    ExclusiveStartKey: startKey,
    Limit: pageSize,
  })
  const { Items = [], LastEvaluatedKey } = await client.send(query).catch((error) => {
    throw faultIn(`reading ${bucket} of the time index`, error)
  })
  return { items: Items.map(entryOf), last: LastEvaluatedKey }
}

/** Entries of a bucket, page by page, as long as the reader's clock can be relied on. */
const entriesIn =
  (options: DynamoTimeIndexOptions, clocks: ClockCheck) =>
  async (bucket: string, ids: IdRange, startKey?: Key): Promise<Page<Entry>> => {
    const { items, last } = await pageOf(options, bucket, ids, startKey)
    await clocks.inStep()
    return { items, next: last === undefined ? undefined : () => entriesIn(options, clocks)(bucket, ids, last) }
  }

/**
 * The time index on DynamoDB. A day costs 16 queries (half a read unit each, and one for about 50 entries), a commit of up to
 * 4 KB one read unit.
 */
export const dynamoTimeIndex = (options: DynamoTimeIndexOptions): TimeIndex => {
  const { clock, objects, bounds = AWS_BOUNDS } = options
  const { commitOf: read } = largeCommits(objects)
  const commitsOf = async (entries: ReadonlyArray<Entry>): Promise<ReadonlyArray<Commit>> => {
    const items = await batchGet(options, entries.map(keyOf)).catch((error) => {
      throw faultIn(`reading ${entries.length} commits in order of time`, error)
    })
    return Promise.all(entries.map((entry) => commitOf(entry, items, read)))
  }
  return readingInTime({ entries: entriesIn(options, clockCheck(options)), commitsOf }, clock, bounds)
}
