import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { RETRY_BOUNDS, retries } from './dynamodb-retries.ts'

/** An embedded engine takes any credentials; on AWS they come from the function's role. */
const local = (endpoint: string): DynamoDBClientConfig => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'daybook', secretAccessKey: 'daybook' },
})

/**
 * A client for a busy process: kept connections, short timeouts, bounded retries with decorrelated jitter. Unless it is told to
 * throw, the SDK only warns of a request that takes too long, and waits on.
 */
export const dynamoDbClient = (endpoint?: string): DynamoDBClient =>
  new DynamoDBClient({
    ...(endpoint === undefined ? {} : local(endpoint)),
    retryStrategy: retries(RETRY_BOUNDS, Math.random),
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    }),
  })
