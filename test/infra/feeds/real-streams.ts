import { DeleteTableCommand, DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { DeleteStreamCommand, type KinesisClient, waitUntilStreamNotExists } from '@aws-sdk/client-kinesis'
import { dynamoDbClient } from '../../../infra/dynamodb-client.ts'
import { createTable, eventTableDefinition } from '../../../infra/event-store/table.ts'
import { ensureKinesisStream } from '../../../infra/feeds/kinesis-stream.ts'
import { localStreamsClient } from '../../../infra/feeds/stream-clients.ts'
import { freshName } from '../../engines/engines.ts'

/** A new table like the event table, with its stream, on a real engine. */
export const realTable = async (endpoint: string) => {
  const client = dynamoDbClient(endpoint)
  const name = freshName('feeds')
  await createTable(client, eventTableDefinition(name))
  const arn = (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.LatestStreamArn
  if (arn === undefined) throw new Error(`table ${name} has no stream`)
  return {
    name,
    streamArn: arn,
    streams: localStreamsClient(endpoint),
    put: async (pk: string, version: number): Promise<void> => {
      const Item = { pk: { S: pk }, sk: { N: String(version) }, packed: { B: new Uint8Array([1, 2, 255]) } }
      await client.send(new PutItemCommand({ TableName: name, Item }))
    },
    drop: async (): Promise<void> => {
      await client.send(new DeleteTableCommand({ TableName: name }))
      client.destroy()
    },
  }
}

/** A new Kinesis stream; of two shards, because the engine of all suites has few to give. */
export const realKinesisStream = async (client: KinesisClient, name = freshName('feeds')) => {
  await ensureKinesisStream(client, name, 2, new AbortController().signal)
  return {
    name,
    drop: async (): Promise<void> => {
      await client.send(new DeleteStreamCommand({ StreamName: name }))
      await waitUntilStreamNotExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName: name })
    },
  }
}
