import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import { tableRecordOf } from '../../projections/destination-records.ts'
import { type ArchiverDeps, archiveTold } from './archiver.ts'

/** Archives what DynamoDB's Kinesis destination tells: repeated, late or out of order. */
export const kinesisArchiver =
  (deps: ArchiverDeps): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
  ({ Records: records }) =>
    archiveTold(
      deps,
      records.map((record) => ({ id: record.kinesis.sequenceNumber, record: tableRecordOf(record, () => true) })),
    )
