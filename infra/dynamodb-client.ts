import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'

/** An embedded engine takes any credentials; on AWS they come from the function's role. */
const local = (endpoint: string): DynamoDBClientConfig => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'daybook', secretAccessKey: 'daybook' },
})

/** A client for a busy process: kept connections, short timeouts, the SDK's standard retries with jitter. */
export const dynamoDbClient = (endpoint?: string): DynamoDBClient =>
  new DynamoDBClient({
    ...(endpoint === undefined ? {} : local(endpoint)),
    maxAttempts: 5,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 10_000 }),
  })
