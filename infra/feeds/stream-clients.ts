import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'

/** An embedded engine takes any credentials. */
const local = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'daybook', secretAccessKey: 'daybook' },
})

// Kinesis clients speak HTTP/2 by default, which the embedded engine does not.
const http1 = (): NodeHttpHandler => new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 10_000 })

/** A client for the streams of an embedded DynamoDB. */
export const localStreamsClient = (endpoint: string): DynamoDBStreamsClient =>
  new DynamoDBStreamsClient({ ...local(endpoint), requestHandler: http1() })

/** A client for an embedded Kinesis. */
export const localKinesisClient = (endpoint: string): KinesisClient =>
  new KinesisClient({ ...local(endpoint), requestHandler: http1() })
