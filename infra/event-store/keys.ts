import type { StreamName } from './port.ts'

/** Attribute and index names of the event table; the one place where they stand. */
export const EVENT_TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeIndex: 'by-time',
  timeBucket: 'bucket',
  commitId: 'commitId',
} as const

/** `by-time` spreads a tenant's day over this many partitions, so that none is hot. */
export const TIME_SHARDS = 16

/** `tenant#streamType#streamId`; none of the three can hold a '#'. */
export const partitionKeyOf = (stream: StreamName): string => `${stream.tenant}#${stream.type}#${stream.id}`

export const streamOfPartitionKey = (key: string): StreamName | undefined => {
  const [tenant, type, id, ...rest] = key.split('#')
  return tenant && type && id && rest.length === 0 ? { tenant, type, id } : undefined
}

const bucketOf = (tenant: string, time: string, shard: number): string => `${tenant}#${time.slice(0, 10)}#${shard}`

/** `tenant#YYYY-MM-DD#shard` for a commit written at `time` (RFC 3339 UTC) with `hash` (hex), which picks the shard. */
export const timeBucketOf = (tenant: string, time: string, hash: string): string =>
  bucketOf(tenant, time, Number.parseInt(hash.slice(0, 4), 16) % TIME_SHARDS)

/** All buckets of the day of `time` (RFC 3339 UTC). */
export const timeBucketsOf = (tenant: string, time: string): ReadonlyArray<string> =>
  Array.from({ length: TIME_SHARDS }, (_, shard) => bucketOf(tenant, time, shard))
