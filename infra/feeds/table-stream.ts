import { DescribeTableCommand, type DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { pause } from './bell.ts'

const streamOf = async (client: DynamoDBClient, table: string): Promise<string | undefined> => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }))
    return Table?.TableStatus === 'ACTIVE' ? Table.LatestStreamArn : undefined
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

/** ARN of a table's stream. Waits until the table is there and active; null when `signal` aborts before. */
export const tableStream = async (
  client: DynamoDBClient,
  table: string,
  signal: AbortSignal,
): Promise<string | null> => {
  while (!signal.aborted) {
    const arn = await streamOf(client, table)
    if (arn !== undefined) return arn
    await pause(100, signal)
  }
  return null
}
