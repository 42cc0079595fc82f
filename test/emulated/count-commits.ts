import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoDBClient, type DynamoDBClientConfig, paginateScan } from '@aws-sdk/client-dynamodb'
import type { SignedManifest } from '../../infra/audit/export/manifest.ts'
import { EVENT_TABLE_NAME } from '../../infra/names.ts'

/** How many commits of a tenant the event table holds. */
export const commitsOf = async (config: DynamoDBClientConfig, tenant: string): Promise<number> => {
  const scan = {
    TableName: `emulated-${EVENT_TABLE_NAME}`,
    Select: 'COUNT',
    FilterExpression: 'begins_with(pk, :tenant)',
    ExpressionAttributeValues: { ':tenant': { S: `${tenant}#` } },
  } as const
  let commits = 0
  for await (const { Count = 0 } of paginateScan({ client: new DynamoDBClient(config) }, scan)) commits += Count
  return commits
}

/** How many an export holds, as its manifest says, which was verified. */
export const commitsIn = async (dir: string): Promise<number> => {
  const { body }: SignedManifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'))
  return body.commits
}
