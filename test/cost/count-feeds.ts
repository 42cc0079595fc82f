import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import * as t from 'io-ts'
import type { Feed } from '../../infra/aws/capacity/counted.ts'
import { kinesisOf, streamOf } from '../aws/events.ts'
import { postgresUse } from './postgres-use.ts'
import { sizesOf } from './record-sizes.ts'
import type { Stage } from './stage.ts'
import { type Counts, minus, plus } from './tally.ts'

/** What each feed is told of changes by. */
const FEEDS: ReadonlyArray<readonly [Feed, (event: DynamoDBStreamEvent) => object]> = [
  ['project-views', (event) => event],
  ['project-search', kinesisOf],
  ['archive', kinesisOf],
  ['relay', kinesisOf],
]

/** Orders that each feed is told of in the beginning, uncounted, and then one by one; the others in batches of as many. */
const WARMING = 27
const LONE = 100
const BATCH = 100

/** Of a feed: what it took to be told of orders one by one, and in batches. */
export type Feeding = { readonly lone: Counts; readonly batched: Counts }

const Done = t.type({ batchItemFailures: t.array(t.unknown) })

const isOrder = ({ dynamodb }: DynamoDBRecord): boolean => dynamodb?.Keys?.['pk']?.S?.split('#')[1] === 'order'

/** ULIDs sort as their times do. */
const commitIdOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.NewImage?.['commitId']?.S ?? ''

const ordersIn = async ({ engines, aws }: Stage): Promise<ReadonlyArray<DynamoDBRecord>> => {
  const { Records: records } = await streamOf(engines.dynamodb, aws.variables.DAYBOOK_EVENT_TABLE)
  return records.filter(isOrder).toSorted((one, other) => (commitIdOf(one) < commitIdOf(other) ? -1 : 1))
}

/** What AWS was asked for by S3 and EventBridge, and what they hold now. */
const outside = ({ aws: { s3, busEntries } }: Stage): Counts => ({
  ...s3.asked.reduce((counts: Counts, method) => plus(counts, { [`s3/${method}`]: 1 }), {}),
  keptBytes: [...s3.objects.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
  busEvents: busEntries.length,
  busBytes: busEntries.reduce<number>((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0),
})

/**
 * Tells every feed of the orders; `project-search` only where there is an OpenSearch. Answers what the orders are as records, and what each feed
 * took.
 */
export const countFeeds = async (
  stage: Stage,
): Promise<{ readonly orders: Counts; readonly feeds: ReadonlyMap<Feed, Feeding> }> => {
  const { engines, start, tally } = stage
  const orders = await ordersIn(stage)
  const fed = new Map<Feed, Feeding>()
  for (const [feed, toldBy] of FEEDS) {
    if (feed === 'project-search' && engines.opensearch === null) continue
    const instance = await start(feed)
    const tell = async (told: ReadonlyArray<DynamoDBRecord>, size: number): Promise<Counts> => {
      const before = plus(outside(stage), await postgresUse(engines.postgres))
      tally.taken()
      for (let from = 0; from < told.length; from += size) {
        const batch = told.slice(from, from + size)
        const answer = await instance.invoke(toldBy({ Records: [...batch] }))
        if (!Done.is(answer) || answer.batchItemFailures.length > 0)
          throw new Error(`${feed} failed: ${JSON.stringify(answer)}`)
        tally.count('records', batch.length)
      }
      return plus(tally.taken(), minus(plus(outside(stage), await postgresUse(engines.postgres)), before))
    }
    await tell(orders.slice(0, WARMING), BATCH)
    const lone = await tell(orders.slice(WARMING, WARMING + LONE), 1)
    fed.set(feed, { lone, batched: await tell(orders.slice(WARMING + LONE), BATCH) })
  }
  return { orders: orders.map(sizesOf).reduce(plus, {}), feeds: fed }
}
