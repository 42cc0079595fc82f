import type { _Record as DynamoDBSdkRecord, StreamRecord as SdkStreamRecord } from '@aws-sdk/client-dynamodb-streams'
import type { _Record as KinesisSdkRecord } from '@aws-sdk/client-kinesis'
import type {
  DynamoDBRecord,
  DynamoDBStreamEvent,
  KinesisStreamEvent,
  KinesisStreamRecord,
  StreamRecord,
} from 'aws-lambda'
import { attributesOf } from './attribute-value.ts'
import type { FeedRecord } from './port.ts'

type From = { readonly shardId: string; readonly arn: string }

/** `arn:partition:service:region:account:resource` */
const regionOf = (arn: string): string => arn.split(':')[3] ?? ''

const streamRecord = (sequenceNumber: string, record: SdkStreamRecord): StreamRecord => ({
  ...(record.ApproximateCreationDateTime && {
    ApproximateCreationDateTime: record.ApproximateCreationDateTime.getTime() / 1000,
  }),
  ...(record.Keys && { Keys: attributesOf(record.Keys) }),
  ...(record.NewImage && { NewImage: attributesOf(record.NewImage) }),
  ...(record.OldImage && { OldImage: attributesOf(record.OldImage) }),
  SequenceNumber: sequenceNumber,
  SizeBytes: record.SizeBytes,
  StreamViewType: record.StreamViewType,
})

const dynamoDBRecord = (arn: string, { sequenceNumber, payload }: FeedRecord<DynamoDBSdkRecord>): DynamoDBRecord => ({
  eventID: payload.eventID,
  eventName: payload.eventName,
  eventVersion: payload.eventVersion,
  eventSource: 'aws:dynamodb',
  awsRegion: regionOf(arn),
  ...(payload.dynamodb && { dynamodb: streamRecord(sequenceNumber, payload.dynamodb) }),
  ...(payload.userIdentity && {
    userIdentity: { type: payload.userIdentity.Type, principalId: payload.userIdentity.PrincipalId },
  }),
  eventSourceARN: arn,
})

/** The event that Lambda makes of a DynamoDB stream's records. */
export const toDynamoDBStreamEvent = (
  records: ReadonlyArray<FeedRecord<DynamoDBSdkRecord>>,
  { arn }: From,
): DynamoDBStreamEvent => ({ Records: records.map((record) => dynamoDBRecord(arn, record)) })

const kinesisRecord = (
  { arn, shardId }: From,
  { sequenceNumber, arrivedAt, payload }: FeedRecord<KinesisSdkRecord>,
): KinesisStreamRecord => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: payload.PartitionKey ?? '',
    sequenceNumber,
    data: Buffer.from(payload.Data ?? new Uint8Array()).toString('base64'),
    approximateArrivalTimestamp: arrivedAt / 1000,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shardId}:${sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
  awsRegion: regionOf(arn),
  eventSourceARN: arn,
})

/** The event that Lambda makes of a Kinesis stream's records. */
export const toKinesisStreamEvent = (
  records: ReadonlyArray<FeedRecord<KinesisSdkRecord>>,
  from: From,
): KinesisStreamEvent => ({ Records: records.map((record) => kinesisRecord(from, record)) })
