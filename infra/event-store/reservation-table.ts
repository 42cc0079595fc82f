import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { RESERVATION_TABLE } from './reservation-keys.ts'

/** Who holds what, and how far each sequence has come: one item each, no stream, for the commits tell the same. */
export const reservationTableDefinition = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: RESERVATION_TABLE.partitionKey, AttributeType: 'S' }],
  KeySchema: [{ AttributeName: RESERVATION_TABLE.partitionKey, KeyType: 'HASH' }],
})
