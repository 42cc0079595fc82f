import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb'
import type { Contender, StoredEntry } from './contender.ts'

/** The entries of a ledger as they lie in the table, oldest first. */
export const storedIn = async (
  client: DynamoDBClient,
  { table, partitionKeyOf, entriesIn }: Contender,
  ledger: string,
): Promise<ReadonlyArray<StoredEntry>> => {
  const entries: StoredEntry[] = []
  const pages = paginateQuery(
    { client },
    {
      TableName: table.TableName,
      ConsistentRead: true,
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': table.KeySchema?.[0]?.AttributeName ?? '' },
      ExpressionAttributeValues: { ':key': { S: partitionKeyOf(ledger) } },
    },
  )
  for await (const { Items = [] } of pages) entries.push(...Items.flatMap(entriesIn))
  return entries
}
