import { type AttributeValue, paginateScan } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord, DynamoDBStreamEvent, KinesisStreamEvent } from 'aws-lambda'
import type { LambdaEvent } from 'hono/aws-lambda'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { attributesOf } from '../../infra/feeds/attribute-value.ts'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import { toKinesisStreamEvent } from '../../infra/feeds/lambda-events.ts'

export type Call = {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: { readonly [name: string]: string }
}

/** What a REST API of API Gateway makes of a request (payload version 1), as far as functions look at it. */
export const apiEvent = (method: string, target: string, { token, body, headers }: Call = {}): LambdaEvent => {
  const { pathname, searchParams } = new URL(target, 'https://api.invalid')
  const all = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
    ...headers,
  }
  const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]))
  const context = {
    accountId: '000000000000',
    apiId: 'api',
    authorizer: {},
    domainName: 'api.invalid',
    domainPrefix: 'api',
    extendedRequestId: '',
    httpMethod: method,
    identity: { sourceIp: '127.0.0.1', userAgent: '' },
    path: `/dev${pathname}`,
    protocol: 'HTTP/1.1',
    requestId: 'request',
    requestTime: '',
    requestTimeEpoch: 0,
    resourcePath: '/{proxy+}',
    stage: 'dev',
  }
  // Of the context no function of ours reads more than the domain's name.
  return {
    version: '1.0',
    resource: '/{proxy+}',
    httpMethod: method,
    path: pathname,
    headers: all,
    multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
    queryStringParameters: Object.fromEntries(searchParams),
    multiValueQueryStringParameters: query,
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: context,
  } as unknown as LambdaEvent
}

/** What the event table's stream told of all that is in it, in one batch. */
export const streamOf = async (endpoint: string, table: string): Promise<DynamoDBStreamEvent> => {
  const client = dynamoDbClient(endpoint)
  const items: Record<string, AttributeValue>[] = []
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    items.push(...(page.Items ?? []))
  client.destroy()
  const records = items.map((item, nth): DynamoDBRecord => {
    const { pk, sk, ...rest } = attributesOf(item)
    return {
      eventID: `event-${nth}`,
      eventName: 'INSERT',
      awsRegion: 'us-east-1',
      eventSourceARN: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/1`,
      dynamodb: {
        Keys: { ...(pk && { pk }), ...(sk && { sk }) },
        NewImage: { ...(pk && { pk }), ...(sk && { sk }), ...rest },
        SequenceNumber: String(nth),
      },
    }
  })
  return { Records: records }
}

/** The same as DynamoDB's Kinesis destination tells it. */
export const kinesisOf = ({ Records: records }: DynamoDBStreamEvent): KinesisStreamEvent =>
  toKinesisStreamEvent(
    records.map((record, nth) => {
      const { partitionKey, data } = destinationRecord(record, 'pk')
      return {
        sequenceNumber: String(nth),
        arrivedAt: 0,
        payload: { SequenceNumber: String(nth), PartitionKey: partitionKey, Data: data },
      }
    }),
    { arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/commits', shardId: 'shardId-000000000000' },
  )
