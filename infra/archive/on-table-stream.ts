import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { type ArchiverDeps, archiveTold } from './archiver.ts'

/** Archives what the event table's own stream tells; for a laptop, whose Kinesis would hold up the other feeds (decision 18). */
export const tableStreamArchiver =
  (deps: ArchiverDeps): ((event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>) =>
  ({ Records: records }) =>
    archiveTold(
      deps,
      records.map((record) => ({ id: record.dynamodb?.SequenceNumber ?? '', record: E.right(record) })),
    )
