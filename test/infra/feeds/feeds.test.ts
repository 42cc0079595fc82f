import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { DynamoDBStreamEvent, KinesisStreamEvent, StreamRecord } from 'aws-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadLetterFiles } from '../../../infra/feeds/dead-letters.ts'
import { type Feeds, startFeeds } from '../../../infra/feeds/feeds.ts'
import { filePositions } from '../../../infra/feeds/file-positions.ts'
import { localKinesisClient } from '../../../infra/feeds/stream-clients.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { dynamodbEndpoints, kinesisEndpoint } from '../../engines/engines.ts'
import { eventually } from './mapping-under-test.ts'
import { realKinesisStream, realTable } from './real-streams.ts'

const kinesis = localKinesisClient(kinesisEndpoint())
let table: Awaited<ReturnType<typeof realTable>>
let stream: Awaited<ReturnType<typeof realKinesisStream>>
let directory = ''
beforeAll(async () => {
  table = await realTable(dynamodbEndpoints().dynoxide)
  stream = await realKinesisStream(kinesis)
  directory = await mkdtemp(join(tmpdir(), 'daybook-feeds-'))
})
afterAll(async () => {
  await stream.drop()
  await table.drop()
  await rm(directory, { recursive: true })
})

const keyOf = (change: StreamRecord | undefined): string => `${change?.Keys?.['pk']?.S}@${change?.Keys?.['sk']?.N}`

/** `gate`: what handlers wait for. */
const start = (gate: Promise<void> = Promise.resolve()) => {
  const views: string[] = []
  const search: string[] = []
  const feeds: Feeds = startFeeds({
    streams: table.streams,
    kinesis,
    tableStream: table.streamArn,
    partitionKey: 'pk',
    kinesisStream: stream.name,
    onTableStream: [
      {
        name: 'views',
        handler: async ({ Records }: DynamoDBStreamEvent) => {
          await gate
          views.push(...Records.map(({ dynamodb }) => keyOf(dynamodb)))
        },
      },
    ],
    onKinesis: [
      {
        name: 'search',
        wants: ({ dynamodb }) => dynamodb?.Keys?.['pk']?.S?.startsWith('t#order#') ?? false,
        handler: async ({ Records }: KinesisStreamEvent) => {
          await gate
          for (const { kinesis: record } of Records) {
            search.push(keyOf(JSON.parse(Buffer.from(record.data, 'base64').toString('utf8')).dynamodb))
          }
        },
      },
    ],
    positions: filePositions(directory, silentLogger),
    kinesisPositions: filePositions(directory, silentLogger),
    onFailure: deadLetterFiles(directory),
    log: silentLogger,
    clock: Date.now,
  })
  return { views, search, feeds }
}

test('both sides of the feeds see every record that they want, and after a stop only the new ones', async () => {
  const first = start()
  const keys = Array.from({ length: 40 }, (_, index) => `t#order#${index}`)
  await Promise.all([...keys, 't#stock#1'].map((key) => table.put(key, 1)))
  const expected = keys.map((key) => `${key}@1`).sort()
  await eventually(() => first.views.length === 41 && first.search.length === 40)
  expect([...first.views].sort()).toEqual([...expected, 't#stock#1@1'])
  expect([...first.search].sort()).toEqual(expected)
  await eventually(() => first.feeds.status().unacknowledged === 0)
  expect(first.feeds.status().mappings.map(({ name, handled }) => ({ name, handled }))).toEqual([
    { name: 'views', handled: 41 },
    { name: 'search', handled: 40 },
    { name: 'kinesis-bridge', handled: 41 },
  ])
  await first.feeds.stop()

  const second = start()
  await table.put('t#order#0', 2)
  await eventually(() => second.views.length > 0 && second.search.length > 0)
  await second.feeds.stop()
  expect([second.views, second.search]).toEqual([['t#order#0@2'], ['t#order#0@2']])
})

test('consumers that stand still tell how many records wait for them, and when they go on, how fast they are', async () => {
  const gate = Promise.withResolvers<void>()
  const { feeds } = start(gate.promise)
  const figures = () => feeds.status().consumers.map(({ name, waiting, orMore }) => ({ name, waiting, orMore }))
  const keys = Array.from({ length: 1_200 }, (_, index) => `t#order#lag-${index}`)
  for (let from = 0; from < keys.length; from += 50) {
    await Promise.all(keys.slice(from, from + 50).map((key) => table.put(key, 1)))
  }
  const standing = [
    { name: 'views', waiting: 1_200, orMore: false },
    { name: 'search', waiting: 1_200, orMore: false },
  ]
  await eventually(() => isDeepStrictEqual(figures(), standing))
  const lags = (): ReadonlyArray<number> => feeds.status().consumers.map(({ lagMs }) => lagMs)
  const before = lags()
  await eventually(() => lags().every((lag, index) => lag > (before[index] ?? 0) && lag > 0))
  gate.resolve()
  await eventually(() => figures().every(({ waiting, orMore }) => waiting === 0 && !orMore))
  expect(lags()).toEqual([0, 0])
  await eventually(() => feeds.status().consumers.every(({ ratePerSecond }) => ratePerSecond.last60s === 20))
  await feeds.stop()
})

test('what is given up leaves a line of metadata that leads to the records', async () => {
  await deadLetterFiles(join(directory, 'discarded'))({
    mapping: 'views',
    arn: table.streamArn,
    shardId: 'shard-1',
    records: [
      { sequenceNumber: '41', arrivedAt: 0, payload: null },
      { sequenceNumber: '42', arrivedAt: 1_000, payload: null },
    ],
    condition: 'RetryAttemptsExhausted',
    invocations: 101,
    reason: 'poison',
    at: 2_000,
  })
  const [line, ...rest] = (await readFile(join(directory, 'discarded', 'views.jsonl'), 'utf8')).split('\n')
  expect(rest).toEqual([''])
  expect(JSON.parse(line ?? '')).toEqual({
    requestContext: {
      requestId: expect.any(String),
      functionArn: 'views',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 101,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'poison' },
    version: '1.0',
    timestamp: '1970-01-01T00:00:02.000Z',
    DDBStreamBatchInfo: {
      shardId: 'shard-1',
      startSequenceNumber: '41',
      endSequenceNumber: '42',
      approximateArrivalOfFirstRecord: '1970-01-01T00:00:00.000Z',
      approximateArrivalOfLastRecord: '1970-01-01T00:00:01.000Z',
      batchSize: 2,
      streamArn: table.streamArn,
    },
  })
})

test('what was too old before it was ever delivered has no answer of a function', async () => {
  await deadLetterFiles(join(directory, 'discarded'))({
    mapping: 'old',
    arn: 'arn:aws:kinesis:eu-west-2:000000000000:stream/events',
    shardId: 'shard-1',
    records: [{ sequenceNumber: '41', arrivedAt: 0, payload: null }],
    condition: 'RecordAgeExceeded',
    invocations: 0,
    reason: 'never delivered',
    at: 2_000,
  })
  const letter = JSON.parse(await readFile(join(directory, 'discarded', 'old.jsonl'), 'utf8'))
  expect(letter.requestContext).toMatchObject({ condition: 'RecordAgeExceeded', approximateInvokeCount: 0 })
  expect(letter).toMatchObject({ KinesisBatchInfo: { startSequenceNumber: '41', batchSize: 1 } })
  expect(letter).not.toHaveProperty('responseContext')
})
