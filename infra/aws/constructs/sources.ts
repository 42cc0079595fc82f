import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Stream } from 'aws-cdk-lib/aws-kinesis'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { all, allowing, allowingAll } from '../capability.ts'
import { opening } from './data-key.ts'
import type { Source } from './mapping.ts'

const TABLE_STREAM_READS = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator']

const KINESIS_READS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
]

/** The changes of a table, as its stream has them. */
export const changesOf = ({ tableStreamArn: arn }: Table, key: IKey): Source => {
  if (arn === undefined) throw new Error('the table has no stream')
  const reading = all(
    allowing({}, TABLE_STREAM_READS, arn),
    allowingAll(['dynamodb:ListStreams'], '*', 'It takes no resource (Service Authorization Reference, DynamoDB)'),
    opening(key),
  )
  return { arn, reading }
}

export const recordsOf = ({ streamArn }: Stream, key: IKey): Source => ({
  arn: streamArn,
  reading: all(allowing({}, KINESIS_READS, streamArn), opening(key)),
})
