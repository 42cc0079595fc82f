import { expect, test } from 'vitest'
import { toDynamoDBStreamEvent, toKinesisStreamEvent } from '../../../infra/feeds/lambda-events.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('a DynamoDB stream record becomes the one that Lambda hands to functions: binary as base64, time in seconds', () => {
  const arn = 'arn:aws:dynamodb:eu-west-2:000000000000:table/events/stream/2026-01-01T00:00:00.000'
  const payload = {
    eventID: 'e1',
    eventName: 'INSERT' as const,
    eventVersion: '1.1',
    dynamodb: {
      ApproximateCreationDateTime: new Date(1_700_000_000_500),
      Keys: { pk: { S: 't#order#1' }, sk: { N: '1' } },
      NewImage: {
        pk: { S: 't#order#1' },
        packed: { B: bytes('binary') },
        packs: { BS: [bytes('one'), bytes('two')] },
        deep: { M: { list: { L: [{ B: bytes('inner') }, { NULL: true as const }, { BOOL: false }] } } },
        words: { SS: ['a'] },
        numbers: { NS: ['1'] },
        empty: { S: '' },
      },
      SequenceNumber: '41',
      SizeBytes: 99,
      StreamViewType: 'NEW_IMAGE' as const,
    },
  }
  expect(
    toDynamoDBStreamEvent([{ sequenceNumber: '42', arrivedAt: 0, payload }], { arn, shardId: 'shard' }),
  ).toStrictEqual({
    Records: [
      {
        eventID: 'e1',
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-west-2',
        dynamodb: {
          ApproximateCreationDateTime: 1_700_000_000.5,
          Keys: { pk: { S: 't#order#1' }, sk: { N: '1' } },
          NewImage: {
            pk: { S: 't#order#1' },
            packed: { B: 'YmluYXJ5' },
            packs: { BS: ['b25l', 'dHdv'] },
            deep: { M: { list: { L: [{ B: 'aW5uZXI=' }, { NULL: true }, { BOOL: false }] } } },
            words: { SS: ['a'] },
            numbers: { NS: ['1'] },
            empty: { S: '' },
          },
          SequenceNumber: '42',
          SizeBytes: 99,
          StreamViewType: 'NEW_IMAGE',
        },
        eventSourceARN: arn,
      },
    ],
  })
})

test('a Kinesis record becomes the one that Lambda hands to functions: data as base64, time in seconds', () => {
  const arn = 'arn:aws:kinesis:eu-west-2:000000000000:stream/commits'
  const payload = { SequenceNumber: '7', Data: bytes('{"a":1}'), PartitionKey: 'key' }
  expect(
    toKinesisStreamEvent([{ sequenceNumber: '7', arrivedAt: 1_700_000_000_500, payload }], {
      arn,
      shardId: 'shardId-000000000003',
    }),
  ).toStrictEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'key',
          sequenceNumber: '7',
          data: 'eyJhIjoxfQ==',
          approximateArrivalTimestamp: 1_700_000_000.5,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: 'shardId-000000000003:7',
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: 'arn:aws:iam::000000000000:role/local',
        awsRegion: 'eu-west-2',
        eventSourceARN: arn,
      },
    ],
  })
})
