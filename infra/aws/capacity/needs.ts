import { ORDER, VIEWS } from './counted.ts'
import { batchOf, billedMs, COMMAND_MS, MEMORY_MIB, rateOf, workOf } from './functions.ts'
import { KINESIS_CONSUMERS, LIMITS } from './limits.ts'

/** Aurora: a unit is some 2 GiB, and the instances of db.r have a processor with 8 GiB. */
const PROCESSORS_A_UNIT = 0.25

/** Queries take as much of Postgres as the views' writing. Assumed: they were not counted. */
const QUERIES_BESIDE = 2

/** Shards of the Kinesis stream that are filled by so many transactions a second: by what goes in, by what its consumers read, or by the relay. */
export const shardsFilled = (perSecond: number): number =>
  perSecond *
  Math.max(
    ORDER.fedBytes / LIMITS.shardBytes,
    1 / LIMITS.shardRecords,
    (ORDER.fedBytes * KINESIS_CONSUMERS) / LIMITS.shardBytesOut,
    1 / rateOf('relay'),
  )

/** Partitions of the event table that are filled, each of which is a shard of its stream. */
export const partitionsFilled = (perSecond: number): number =>
  (perSecond * ORDER.eventWriteUnits) / LIMITS.partitionWrites

/** Instances of `command-api` that are busy. */
export const commandsBusy = (perSecond: number): number => (perSecond * COMMAND_MS) / 1_000

/** Instances of `project-views` that are busy, when every shard of the table's stream has one. */
export const viewsBusy = (perSecond: number): number => {
  const orders = batchOf('project-views', perSecond / Math.max(1, Math.ceil(partitionsFilled(perSecond))))
  const milliseconds = billedMs(MEMORY_MIB['project-views'], workOf('project-views', orders))
  return (perSecond / orders) * (milliseconds / 1_000)
}

/** Units of Aurora that are busy with the views and their queries. */
export const databaseUnitsBusy = (perSecond: number): number => {
  const orders = batchOf('project-views', perSecond)
  const processors = ((perSecond / orders) * workOf('project-views', orders).postgresMs) / 1_000
  return (processors / PROCESSORS_A_UNIT) * QUERIES_BESIDE
}

/** Aurora: three quarters of a unit's 2 GiB are for what is kept in memory (`shared_buffers`). */
const CACHED_BYTES_A_UNIT = 1.5 * 2 ** 30

/** What was written last is read and changed next: so long it is to stay in memory. Assumed. */
const REMEMBERED_SECONDS = 3_600

/** Units of Aurora whose memory is filled by what the views were given last. */
export const databaseUnitsFilled = (perSecond: number): number =>
  (perSecond * REMEMBERED_SECONDS * VIEWS.storedBytes) / CACHED_BYTES_A_UNIT
