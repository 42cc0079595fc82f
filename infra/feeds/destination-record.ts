import { createHash } from 'node:crypto'
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda'

export type DestinationRecord = { readonly partitionKey: string; readonly data: Uint8Array }

/** Kinesis: 256 characters a partition key; DynamoDB takes 2,048 bytes. */
const KEY_LIMIT = 256

const kinesisKey = (value: string): string =>
  value.length <= KEY_LIMIT ? value : createHash('sha256').update(value).digest('hex')

/** `arn:aws:dynamodb:region:account:table/NAME/stream/LABEL` */
const tableOf = (streamArn: string): string => streamArn.split('/')[1] ?? ''

/**
 * A change as DynamoDB itself sends it to a Kinesis data stream (DynamoDB Developer Guide, "Using Kinesis Data Streams to
 * capture changes to DynamoDB"), at microsecond precision. The Kinesis partition key is the item's, whose attribute
 * `partitionKey` names; by its SHA-256 where it is too long for one.
 */
export const destinationRecord = (
  { awsRegion, eventID, eventName, dynamodb, eventSourceARN }: DynamoDBRecord,
  partitionKey: string,
): DestinationRecord => {
  const key: AttributeValue | undefined = dynamodb?.Keys?.[partitionKey]
  const value = key?.S ?? key?.N ?? key?.B
  if (value === undefined) throw new Error(`stream record ${eventID} has no partition key ${partitionKey}`)
  const record = {
    awsRegion,
    eventID,
    eventName,
    userIdentity: null,
    recordFormat: 'application/json',
    tableName: tableOf(eventSourceARN ?? ''),
    dynamodb: {
      ApproximateCreationDateTime: Math.round((dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000_000),
      ApproximateCreationDateTimePrecision: 'MICROSECOND',
      Keys: dynamodb?.Keys,
      NewImage: dynamodb?.NewImage,
      OldImage: dynamodb?.OldImage,
      SizeBytes: dynamodb?.SizeBytes,
    },
    eventSource: 'aws:dynamodb',
  }
  return { partitionKey: kinesisKey(value), data: Buffer.from(JSON.stringify(record)) }
}
