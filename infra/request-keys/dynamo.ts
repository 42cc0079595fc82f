import {
  ConditionalCheckFailedException,
  type CreateTableCommandInput,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { RequestKeys } from './port.ts'

/** One item a key; kept for ever, because a retry may come after any time. */
export const requestTableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
})

export const dynamoRequestKeys = (client: DynamoDBClient, table: string): RequestKeys => ({
  claim: async (tenant, key, fingerprint) => {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { pk: { S: `${tenant}#${key}` }, fingerprint: { S: fingerprint } },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      )
      return 'first'
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      return error.Item?.['fingerprint']?.S === fingerprint ? 'same-request' : 'other-request'
    }
  },
})
