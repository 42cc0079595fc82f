import { PutRecordCommand } from '@aws-sdk/client-kinesis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kinesisSource } from '../../../infra/feeds/kinesis-source.ts'
import { localKinesisClient } from '../../../infra/feeds/stream-clients.ts'
import { kinesisEndpoint } from '../../engines/engines.ts'
import { realKinesisStream } from './real-streams.ts'

const client = localKinesisClient(kinesisEndpoint())
let stream: Awaited<ReturnType<typeof realKinesisStream>>
beforeAll(async () => {
  stream = await realKinesisStream(client)
  for (const text of ['1', '2', '3', '4', '5']) {
    const Data = new TextEncoder().encode(text)
    await client.send(new PutRecordCommand({ StreamName: stream.name, PartitionKey: 'key', Data }))
  }
})
afterAll(() => stream.drop())

const sourceOf = () =>
  kinesisSource(client, stream.name, () => {
    throw new Error('trimmed')
  })

/** The shard that got the records. */
const fullShard = async (): Promise<string> => {
  for (const { shardId } of await sourceOf().shards()) {
    if ((await sourceOf().read({ shardId, after: null, limit: 1 })).records.length > 0) return shardId
  }
  throw new Error('no shard has records')
}

const read = async (after: string | null, limit: number) => {
  const { records, closed } = await sourceOf().read({ shardId: await fullShard(), after, limit })
  const texts = records.map(({ payload }) => new TextDecoder().decode(payload.Data))
  return { texts, closed, last: records.at(-1)?.sequenceNumber ?? null }
}

test('a shard gives its records in order, from its beginning or from behind a position', async () => {
  const first = await read(null, 2)
  expect(first).toMatchObject({ texts: ['1', '2'], closed: false })
  const second = await read(first.last, 10)
  expect(second).toMatchObject({ texts: ['3', '4', '5'], closed: false })
  expect((await read(second.last, 10)).texts).toEqual([])
})

test('a stream that was created anew under its name is another incarnation', async () => {
  const before = await sourceOf().identity()
  expect(await sourceOf().identity()).toEqual(before)
  const other = await realKinesisStream(client)
  const incarnationOf = async () => (await kinesisSource(client, other.name, () => {}).identity()).incarnation
  const first = await incarnationOf()
  await other.drop()
  await realKinesisStream(client, other.name)
  expect(await incarnationOf()).not.toBe(first)
  await other.drop()
})
