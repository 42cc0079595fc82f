import { type DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb'

/** As many items a page as the rebuild asks for. */
const PAGE = 1_000

/** Reads a whole table by parallel Scan, consistently, and does nothing with it; answers how many items there were. */
export const bareScan = async (client: DynamoDBClient, table: string, segments: number): Promise<number> => {
  const counts = await Promise.all(
    Array.from({ length: segments }, async (_, segment) => {
      let items = 0
      let start: ScanCommandInput['ExclusiveStartKey']
      do {
        const page = await client.send(
          new ScanCommand({
            TableName: table,
            Segment: segment,
            TotalSegments: segments,
            ConsistentRead: true,
            Limit: PAGE,
            ExclusiveStartKey: start,
          }),
        )
        items += page.Items?.length ?? 0
        start = page.LastEvaluatedKey
      } while (start !== undefined)
      return items
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
