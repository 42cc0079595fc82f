import { Duration } from 'aws-cdk-lib'
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import { all, type Capability } from '../capability.ts'
import { BATCHING } from '../capacity/functions.ts'
import type { DaybookFunction } from './daybook-function.ts'
import type { ObjectBucket } from './object-bucket.ts'

/**
 * How often a batch is tried and how old it may be until it goes to the on-failure destination: long enough for an engine to be replaced,
 * short of the day (DynamoDB) or the week (Kinesis) that one record would hold up its shard by default. Lambda: at most 10,000 tries.
 */
const RETRY_ATTEMPTS = 10
const OLDEST = Duration.hours(6)

/** A source of records, and the permission to read it. */
export type Source = { readonly arn: string; readonly reading: Capability<never> }

type MappingOptions = {
  readonly source: Source
  readonly failures: ObjectBucket
  /** Batches of a shard, each of other streams. */
  readonly atOnce: number
}

/**
 * Feeds a function from a stream: from its beginning, in partial batches, halving what fails, and with what is given up kept whole in
 * `failures`.
 */
export const feed = <Name extends keyof typeof BATCHING>(
  to: DaybookFunction<Name>,
  { source, failures, atOnce }: MappingOptions,
): EventSourceMapping => {
  const { batchSize, windowSeconds } = BATCHING[to.name]
  all(source.reading, failures.taking()).grantTo(to.role)
  const mapping = new EventSourceMapping(to, 'mapping', {
    batchSize,
    maxBatchingWindow: Duration.seconds(windowSeconds),
    parallelizationFactor: atOnce,
    target: to.live,
    eventSourceArn: source.arn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts: RETRY_ATTEMPTS,
    maxRecordAge: OLDEST,
    onFailure: { bind: () => ({ destination: failures.bucket.bucketArn }) },
    supportS3OnFailureDestination: true,
  })
  // Lambda tries the permissions when the mapping is made.
  mapping.node.addDependency(to.role)
  return mapping
}
