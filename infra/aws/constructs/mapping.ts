import { Duration } from 'aws-cdk-lib'
import { EventSourceMapping, type EventSourceMappingOptions, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import type { FunctionName } from '../../lambda/functions.ts'
import { all, type Capability } from '../capability.ts'
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

type Batching = Required<Pick<EventSourceMappingOptions, 'batchSize' | 'maxBatchingWindow' | 'parallelizationFactor'>>

type MappingOptions = Batching & { readonly source: Source; readonly failures: ObjectBucket }

/**
 * Feeds a function from a stream: from its beginning, in partial batches, halving what fails, and with what is given up kept whole in
 * `failures`.
 */
export const feed = <Name extends FunctionName>(
  to: DaybookFunction<Name>,
  { source, failures, ...batching }: MappingOptions,
): EventSourceMapping => {
  all(source.reading, failures.taking()).grantTo(to.role)
  const mapping = new EventSourceMapping(to, 'mapping', {
    ...batching,
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
