import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis'
import type { KinesisStreamEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import { kinesisSource } from '../../../infra/feeds/kinesis-source.ts'
import { toKinesisStreamEvent } from '../../../infra/feeds/lambda-events.ts'
import { startMapping } from '../../../infra/feeds/mapping.ts'
import { memoryPositions } from '../../../infra/feeds/positions.ts'
import { localKinesisClient } from '../../../infra/feeds/stream-clients.ts'
import { startKinesis } from '../../../infra/local/engines/kinesis.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { eventually } from './mapping-under-test.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f']
/** Half of the hash keys of a whole stream (128 bits). */
const MIDDLE = (2n ** 127n).toString()

test('a stream that is split and merged again is handled in the order of its keys, whoever starts late', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'daybook-reshard-'))
  const engine = await startKinesis({ dataDir: directory, logFile: join(directory, 'kinesis.log') })
  const client = localKinesisClient(engine.url)
  const StreamName = 'resharded'
  const active = () => waitUntilStreamExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StreamName })
  const source = kinesisSource(client, StreamName, () => {})
  const shardIds = async (): Promise<ReadonlyArray<string>> => (await source.shards()).map(({ shardId }) => shardId)
  let round = 0
  const putRound = async (): Promise<void> => {
    round += 1
    for (const PartitionKey of KEYS) {
      for (const step of [1, 2, 3]) {
        const Data = Buffer.from(`${round}.${step}`)
        await client.send(new PutRecordCommand({ StreamName, PartitionKey, Data }))
      }
    }
  }
  const got = new Map<string, string[]>()
  const handler = async ({ Records }: KinesisStreamEvent): Promise<void> => {
    for (const { kinesis } of Records) {
      const data = Buffer.from(kinesis.data, 'base64').toString('utf8')
      got.set(kinesis.partitionKey, [...(got.get(kinesis.partitionKey) ?? []), data])
    }
  }
  try {
    await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    await active()
    await putRound()
    const [whole = ''] = await shardIds()
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: whole, NewStartingHashKey: MIDDLE }))
    await active()
    await putRound()
    const [, left = '', right = ''] = await shardIds()
    await client.send(new MergeShardsCommand({ StreamName, ShardToMerge: left, AdjacentShardToMerge: right }))
    await active()
    await putRound()
    expect((await source.shards()).map(({ parents }) => parents.length)).toEqual([0, 1, 1, 2])
    const mapping = startMapping({
      name: 'resharded',
      source,
      handler,
      toEvent: toKinesisStreamEvent,
      positions: memoryPositions(),
      batchSize: 4,
      maximumRetryAttempts: -1,
      bisectBatchOnFunctionError: false,
      backoff: { initialMs: 5, maximumMs: 50 },
      poll: { minimumMs: 5, maximumMs: 50 },
      onFailure: async () => {},
      log: silentLogger,
      clock: Date.now,
    })
    await eventually(() => mapping.idle() && [...got.values()].flat().length >= 54)
    await mapping.stop()
    const inOrder = [1, 2, 3].flatMap((each) => [1, 2, 3].map((step) => `${each}.${step}`))
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(KEYS.map((key) => [key, inOrder])))
  } finally {
    client.destroy()
    await engine.stop()
    await rm(directory, { recursive: true })
  }
}, 60_000)
