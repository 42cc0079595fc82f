import { TIME_SHARDS } from '../../event-store/keys.ts'
import type { Settings } from '../settings.ts'
import { ORDER, VIEWS } from './counted.ts'
import { rateOf } from './functions.ts'
import { KINESIS_CONSUMERS, LIMITS } from './limits.ts'
import { peakOf } from './load.ts'
import { commandsBusy, databaseUnitsBusy, viewsBusy } from './needs.ts'
import { REQUESTS_A_TRANSACTION } from './sizes.ts'

/** How much of a limit the busiest second of a stage's load uses, and who says that it is one. */
export type Use = { readonly used: number; readonly limit: number; readonly source: string }

const GIGABYTE = 1e9

/** EventBridge: entries of a request, which a batch of the relay fills. */
const EVENTS_A_REQUEST = 10

/** What the busiest second of a stage's load uses of every limit that it could meet; a limit of its own size where that decides. */
export const headroomOf = (settings: Settings): { readonly [what: string]: Use } => {
  const peak = peakOf(settings)
  const shards = settings.kinesisShards
  const eventWrites = peak * ORDER.eventWriteUnits
  const fed = peak * ORDER.fedBytes
  return {
    'API Gateway, requests a second': {
      used: peak * REQUESTS_A_TRANSACTION,
      limit: LIMITS.apiRequests,
      source: 'API Gateway quotas, an account; more on request',
    },
    'Lambda, instances of `command-api` and `project-views`': {
      used: commandsBusy(peak) + viewsBusy(peak),
      limit: LIMITS.lambdaInstances,
      source: 'Lambda quotas, an account; more on request',
    },
    'DynamoDB, write units a second of the event table': {
      used: eventWrites,
      limit: LIMITS.tableWrites,
      source: 'DynamoDB quotas, a table; more on request',
    },
    'the same, of a table that is new': {
      used: eventWrites,
      limit: LIMITS.newTableWrites,
      source: 'DynamoDB on-demand capacity mode; twice the last peak in 30 minutes',
    },
    'DynamoDB, commits a second of one tenant in the time index': {
      used: peak,
      limit: TIME_SHARDS * LIMITS.partitionWrites,
      source: '`TIME_SHARDS` partitions of a tenant and day',
    },
    'DynamoDB, a stream or key that gets a hundredth of all writes': {
      used: eventWrites / 100,
      limit: LIMITS.partitionWrites,
      source: 'DynamoDB, a partition; nobody can have more',
    },
    'DynamoDB Streams, readers of a shard': { used: 1, limit: LIMITS.streamReaders, source: 'DynamoDB quotas' },
    'Kinesis, bytes a second into its shards': {
      used: fed,
      limit: shards * LIMITS.shardBytes,
      source: 'Kinesis quotas, a shard; more shards',
    },
    'Kinesis, records a second into its shards': {
      used: peak,
      limit: shards * LIMITS.shardRecords,
      source: 'Kinesis quotas, a shard; more shards',
    },
    'Kinesis, bytes a second out of its shards, to three consumers': {
      used: fed * KINESIS_CONSUMERS,
      limit: shards * LIMITS.shardBytesOut,
      source: 'Kinesis quotas, a shard; more shards, or enhanced fan-out',
    },
    'Kinesis, reads a second of a shard': {
      used: KINESIS_CONSUMERS,
      limit: LIMITS.shardReads,
      source: 'Kinesis quotas, a shard; for a sixth consumer, enhanced fan-out',
    },
    'relay, orders a second, one batch of a shard at a time': {
      used: peak,
      limit: shards * rateOf('relay'),
      source: 'counted; more shards',
    },
    'EventBridge, PutEvents a second': {
      used: (peak * ORDER.busEvents) / EVENTS_A_REQUEST,
      limit: LIMITS.busRequests,
      source: 'EventBridge quotas, an account in us-east-1; more on request',
    },
    'Aurora, units of capacity': {
      used: databaseUnitsBusy(peak),
      limit: settings.databaseMaxHalfUnits / 2,
      source: 'the setting `databaseMaxHalfUnits`',
    },
    'the same, of the largest instance': {
      used: databaseUnitsBusy(peak),
      limit: LIMITS.databaseUnits,
      source: 'Aurora Serverless v2; one instance writes',
    },
    'Aurora, GB of the views of a year': {
      used: (settings.transactionsADay * 365 * VIEWS.storedBytes) / GIGABYTE,
      limit: LIMITS.databaseBytes / GIGABYTE,
      source: 'Aurora, a cluster',
    },
  }
}
