import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb'
import { EVENT_TABLE } from './keys.ts'

/** The event table as CDK and the laptop both make it: a stream of new images, and a narrow index by time. */
export const eventTableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    { AttributeName: EVENT_TABLE.partitionKey, AttributeType: 'S' },
    { AttributeName: EVENT_TABLE.sortKey, AttributeType: 'N' },
    { AttributeName: EVENT_TABLE.timeBucket, AttributeType: 'S' },
    { AttributeName: EVENT_TABLE.commitId, AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: EVENT_TABLE.partitionKey, KeyType: 'HASH' },
    { AttributeName: EVENT_TABLE.sortKey, KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: EVENT_TABLE.timeIndex,
      KeySchema: [
        { AttributeName: EVENT_TABLE.timeBucket, KeyType: 'HASH' },
        { AttributeName: EVENT_TABLE.commitId, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
})

/** Creates a table unless it is there, and waits until it takes requests. */
export const createTable = async (client: DynamoDBClient, definition: CreateTableCommandInput): Promise<void> => {
  try {
    await client.send(new CreateTableCommand(definition))
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
  const status = async () =>
    (await client.send(new DescribeTableCommand({ TableName: definition.TableName }))).Table?.TableStatus
  while ((await status()) !== 'ACTIVE') await new Promise((resume) => setTimeout(resume, 50))
}
