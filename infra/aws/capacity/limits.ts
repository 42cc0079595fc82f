/**
 * Limits of AWS that a load meets, as its documentation has them in November 2026; those of an account are what it has until it asks for more.
 * docs/cost.md says where each stands.
 */
export const LIMITS = {
  /** API Gateway: requests a second, of an account in a region. */
  apiRequests: 10_000,
  /** Lambda: instances at a time, of an account in a region. */
  lambdaInstances: 1_000,
  /** DynamoDB: write units a second of a partition, and so of any one stream or key. */
  partitionWrites: 1_000,
  /** DynamoDB on demand: write units a second that a new table takes at once, and that a table takes at all. */
  newTableWrites: 4_000,
  tableWrites: 40_000,
  /** DynamoDB Streams: readers of a shard. */
  streamReaders: 2,
  /** Kinesis: bytes and records a second into a shard, bytes a second and requests a second out of it for all consumers together. */
  shardBytes: 1_000_000,
  shardRecords: 1_000,
  shardBytesOut: 2_000_000,
  shardReads: 5,
  /** EventBridge: PutEvents requests a second, of an account in us-east-1. */
  busRequests: 10_000,
  /** Aurora Serverless v2: capacity units of an instance. */
  databaseUnits: 256,
  /** Aurora: bytes of a cluster, 128 TiB. */
  databaseBytes: 128 * 2 ** 40,
} as const

/** Functions that follow the Kinesis stream as standard consumers, each asking every shard once a second: `project-search`, `archive` and `relay`. */
export const KINESIS_CONSUMERS = 3
