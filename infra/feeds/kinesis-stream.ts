import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-kinesis'
import { pause } from './bell.ts'

const statusOf = async (client: KinesisClient, name: string): Promise<string | undefined> => {
  try {
    const { StreamDescriptionSummary: stream } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: name }),
    )
    return stream?.StreamStatus
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined
    throw error
  }
}

const create = async (client: KinesisClient, name: string, shards: number): Promise<void> => {
  try {
    await client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }))
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
  }
}

/** Creates the stream unless it is there, and waits until it takes records or `signal` aborts. */
export const ensureKinesisStream = async (
  client: KinesisClient,
  name: string,
  shards: number,
  signal: AbortSignal,
): Promise<void> => {
  let status = await statusOf(client, name)
  if (status === undefined) await create(client, name, shards)
  while (status !== 'ACTIVE' && !signal.aborted) {
    await pause(50, signal)
    status = await statusOf(client, name)
  }
}
