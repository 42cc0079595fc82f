import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { faultIn } from './dynamo-fault.ts'
import { entryOf } from './dynamo-time-index.ts'
import { EVENT_TABLE, timeBucketsOf } from './keys.ts'
import type { Entry } from './read-in-time.ts'

const DAY_MS = 86_400_000

/** Of each partition of the time index, 16 a day: about 15 KB, two read units. */
const LIMIT = 100

export type Newest = {
  /** In no order. */
  readonly entries: ReadonlyArray<Entry>
  /** Whether there are older ones of these days that were left out. */
  readonly more: boolean
}

/** The newest commits of a tenant, of the day of `now` and the day before (UTC). Rejects with `EventStoreFault`. */
export type NewestCommits = (tenant: string, now: Date) => Promise<Newest>

/**
 * By the time index, which knows of a commit within a second, mostly: 32 queries, of half a read unit each where there is little. What
 * is just being written may be missed.
 */
export const newestCommits =
  ({ client, table }: { readonly client: DynamoDBClient; readonly table: string }): NewestCommits =>
  async (tenant, now) => {
    const days = [now, new Date(now.getTime() - DAY_MS)]
    const answers = await Promise.all(
      days
        .flatMap((day) => timeBucketsOf(tenant, day.toISOString()))
        .map((bucket) =>
          client.send(
            new QueryCommand({
              TableName: table,
              IndexName: EVENT_TABLE.timeIndex,
              KeyConditionExpression: '#bucket = :bucket',
              ExpressionAttributeNames: { '#bucket': EVENT_TABLE.timeBucket },
              ExpressionAttributeValues: { ':bucket': { S: bucket } },
              ScanIndexForward: false,
              Limit: LIMIT,
            }),
          ),
        ),
    ).catch((error) => {
      throw faultIn(`reading the newest commits of ${tenant}`, error)
    })
    return {
      entries: answers.flatMap(({ Items = [] }) => Items.map(entryOf)),
      more: answers.some(({ LastEvaluatedKey }) => LastEvaluatedKey !== undefined),
    }
  }
