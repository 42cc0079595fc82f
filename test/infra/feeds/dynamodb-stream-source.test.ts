import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoDBStreamSource } from '../../../infra/feeds/dynamodb-stream-source.ts'
import { toDynamoDBStreamEvent } from '../../../infra/feeds/lambda-events.ts'
import { startMapping } from '../../../infra/feeds/mapping.ts'
import type { FeedRecord } from '../../../infra/feeds/port.ts'
import { dynamodbEndpoints } from '../../engines/engines.ts'
import { eventually, mappingOf } from './mapping-under-test.ts'
import { realTable } from './real-streams.ts'

const versionOf = ({ dynamodb }: _Record): number => Number(dynamodb?.Keys?.['sk']?.N)
const versionsOf = (records: ReadonlyArray<FeedRecord<_Record>>): ReadonlyArray<number> =>
  records.map(({ payload }) => versionOf(payload))

const engines = Object.entries(dynamodbEndpoints()).flatMap(([engine, url]) => (url === null ? [] : [[engine, url]]))

describe.each(engines)('the stream of a table on %s', (_, endpoint) => {
  let table: Awaited<ReturnType<typeof realTable>>
  const sourceOf = () =>
    dynamoDBStreamSource(table.streams, table.streamArn, (shardId) => {
      throw new Error(`${shardId} was trimmed`)
    })
  beforeAll(async () => {
    table = await realTable(endpoint ?? '')
    for (let version = 1; version <= 25; version += 1) await table.put('t#order#1', version)
  })
  afterAll(() => table.drop())

  test('a shard gives its records in order, page by page, and stays open at its end', async () => {
    const source = sourceOf()
    const [shard] = await source.shards()
    const versions: number[] = []
    let after: string | null = null
    let closed = false
    for (let page = 0; page < 5; page += 1) {
      const read = await source.read({ shardId: shard?.shardId ?? '', after, limit: 10 })
      versions.push(...versionsOf(read.records))
      after = read.records.at(-1)?.sequenceNumber ?? after
      closed ||= read.closed
    }
    expect(versions).toEqual(Array.from({ length: 25 }, (_, index) => index + 1))
    expect(closed).toBe(false)
  })

  test('another reader starts behind a position that the first one had reached', async () => {
    const [shard] = await sourceOf().shards()
    const shardId = shard?.shardId ?? ''
    const first = await sourceOf().read({ shardId, after: null, limit: 12 })
    const after = first.records.at(-1)?.sequenceNumber ?? null
    const { records } = await sourceOf().read({ shardId, after, limit: 3 })
    expect(versionsOf(records)).toEqual([13, 14, 15])
  })

  test("records become Lambda's", async () => {
    const source = sourceOf()
    const [shard] = await source.shards()
    const shardId = shard?.shardId ?? ''
    const { records } = await source.read({ shardId, after: null, limit: 1 })
    const [record] = toDynamoDBStreamEvent(records, { shardId, arn: table.streamArn }).Records
    expect(record).toMatchObject({
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      eventSourceARN: table.streamArn,
      dynamodb: {
        Keys: { pk: { S: 't#order#1' }, sk: { N: '1' } },
        NewImage: { packed: { B: 'AQL/' } },
        SequenceNumber: records[0]?.sequenceNumber,
        StreamViewType: 'NEW_IMAGE',
      },
    })
    expect(record?.dynamodb?.ApproximateCreationDateTime).toBeCloseTo(Date.now() / 1000, -3)
  })

  test('a mapping delivers what is there and what comes later', async () => {
    const seen: number[] = []
    const mapping = startMapping(
      mappingOf({
        source: sourceOf(),
        handler: async (delivered) => {
          seen.push(...versionsOf(delivered.records))
        },
      }),
    )
    await eventually(() => seen.length >= 25)
    await table.put('t#order#1', 26)
    await eventually(() => seen.length >= 26)
    await mapping.stop()
    expect(seen).toEqual(Array.from({ length: 26 }, (_, index) => index + 1))
  })
})
