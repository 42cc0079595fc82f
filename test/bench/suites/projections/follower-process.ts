import type { DynamoDBStreamEvent } from 'aws-lambda'
import * as t from 'io-ts'
import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../../../infra/event-store/dynamo.ts'
import { commitOfImage } from '../../../../infra/event-store/item.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import { memoryPositions } from '../../../../infra/feeds/positions.ts'
import { localStreamsClient } from '../../../../infra/feeds/stream-clients.ts'
import { startTableConsumer } from '../../../../infra/feeds/table-consumer.ts'
import { silentLogger } from '../../../../infra/log/logger.ts'
import { ownerPool, projectorPool } from '../../../../infra/postgres/pool.ts'
import { postgresRebuilds } from '../../../../infra/rebuild/postgres-rings.ts'
import { postgresViewStore } from '../../../../infra/views/postgres.ts'
import { eventCodecs } from '../../../../projections/event-codecs.ts'
import { postgresProjector } from '../../../../projections/postgres-projector.ts'
import { postgresProjections } from '../../../../projections/registry.ts'
import { takeTasks } from '../../child.ts'
import type { Followed } from './following.ts'

// Follows the event table as the feeds' process of `npm start` does; started by following.ts.

const [, , dynamodbUrl = '', postgresUrl = '', table = '', arn = ''] = process.argv

const Task = t.strict({ way: t.keyof({ project: null, keep: null, read: null }), events: t.number })

const client = dynamoDbClient(dynamodbUrl)
const project = postgresProjector({
  projections: postgresProjections,
  codecs: eventCodecs,
  commitOfImage,
  views: postgresViewStore(projectorPool(postgresUrl, { max: 8 })),
  events: dynamoEventStore({ client, table, ...systemStamp() }),
  rebuilds: postgresRebuilds(projectorPool(postgresUrl, { max: 1 })),
  log: silentLogger,
})

const owner = ownerPool(postgresUrl, { max: 1 })

/** The least that a follower can do and keep its promise: what it was given lies in Postgres, once. */
const keep = async ({ Records: records }: DynamoDBStreamEvent) => {
  const keys = records.map(({ dynamodb }) => dynamodb?.Keys?.['pk']?.S)
  const images = records.map(({ dynamodb }) => JSON.stringify(dynamodb?.NewImage))
  await owner.query('INSERT INTO bare_feed SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING', [
    keys,
    images,
  ])
  return { batchItemFailures: [] }
}

/** Each way goes on where it was. */
const positions = { project: memoryPositions(), keep: memoryPositions(), read: memoryPositions() }

const read = async () => ({ batchItemFailures: [] })

const handlers = { project, keep, read }

const follow = ({ way, events }: t.TypeOf<typeof Task>): Promise<Followed> =>
  new Promise((resolve) => {
    const latenciesMs: number[] = []
    const handler = async (event: DynamoDBStreamEvent) => {
      const answer = await handlers[way](event)
      const now = Date.now()
      if (answer.batchItemFailures.length > 0) return answer
      for (const { dynamodb } of event.Records)
        latenciesMs.push(now - Date.parse(dynamodb?.NewImage?.['time']?.S ?? ''))
      if (latenciesMs.length >= events) {
        void consumer.stop()
        resolve({ latenciesMs, rssMb: process.resourceUsage().maxRSS / 1_024 })
      }
      return answer
    }
    const streams = localStreamsClient(dynamodbUrl)
    const feed = { streams, tableStream: arn, positions: positions[way], log: silentLogger, clock: Date.now }
    const consumer = startTableConsumer({ ...feed, onFailure: async () => {} }, { name: way, handler })
  })

takeTasks(async (task) => {
  if (!Task.is(task)) throw new TypeError('it follows, and nothing else')
  return follow(task)
})
