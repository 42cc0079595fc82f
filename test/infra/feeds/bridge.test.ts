import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KinesisClient } from '@aws-sdk/client-kinesis'
import type { KinesisStreamEvent } from 'aws-lambda'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bridge, startBridge } from '../../../infra/feeds/bridge.ts'
import { dynamoDBStreamSource } from '../../../infra/feeds/dynamodb-stream-source.ts'
import { kinesisSource } from '../../../infra/feeds/kinesis-source.ts'
import { toKinesisStreamEvent } from '../../../infra/feeds/lambda-events.ts'
import { type Mapping, startMapping } from '../../../infra/feeds/mapping.ts'
import { memoryPositions, type Positions } from '../../../infra/feeds/positions.ts'
import { localKinesisClient } from '../../../infra/feeds/stream-clients.ts'
import type { Engine } from '../../../infra/local/engines/engine.ts'
import { startKinesis } from '../../../infra/local/engines/kinesis.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { dynamodbEndpoints, kinesisEndpoint } from '../../engines/engines.ts'
import { eventually } from './mapping-under-test.ts'
import { realKinesisStream, realTable } from './real-streams.ts'

const NAMES = { bridge: 'bridge', search: 'search', archive: 'archive' } as const
const PACE = { backoff: { initialMs: 5, maximumMs: 50 }, poll: { minimumMs: 5, maximumMs: 50 } } as const

type Table = Awaited<ReturnType<typeof realTable>>
type Stream = Awaited<ReturnType<typeof realKinesisStream>>

let table: Table
let stream: Stream
let kinesis: KinesisClient
let positions: Positions
const running: Mapping[] = []

const stopAll = async (): Promise<void> => {
  for (const mapping of running.splice(0)) await mapping.stop()
}
beforeEach(async () => {
  kinesis = localKinesisClient(kinesisEndpoint())
  positions = memoryPositions()
  table = await realTable(dynamodbEndpoints().dynoxide)
  stream = await realKinesisStream(kinesis)
})
afterEach(async () => {
  await stopAll()
  await stream.drop()
  await table.drop()
})

const noTrim = (): void => {
  throw new Error('trimmed')
}

const bridgeTo = (client: KinesisClient, consumers: ReadonlyArray<string>, maximumUnacknowledged = 1_000): Bridge => {
  const bridge = startBridge({
    ...PACE,
    name: NAMES.bridge,
    positions,
    batchSize: 100,
    clock: Date.now,
    source: dynamoDBStreamSource(table.streams, table.streamArn, noTrim),
    kinesis: client,
    stream: stream.name,
    partitionKey: 'pk',
    wanted: ({ dynamodb }) => dynamodb?.Keys?.['pk']?.S !== 't#unwanted#1',
    consumers,
    maximumUnacknowledged,
    lookAheadEveryMs: 20,
    onPut: () => {},
    log: silentLogger,
  })
  running.push(bridge)
  return bridge
}

/** What a consumer got, by stream, as versions; `blocked` keeps it from handling anything. */
const consume = (client: KinesisClient, bridge: Bridge, name: string, blocked: () => boolean = () => false) => {
  const got = new Map<string, number[]>()
  const handler = async ({ Records }: KinesisStreamEvent): Promise<void> => {
    if (blocked()) throw new Error('the consumer is blocked')
    for (const { kinesis: record } of Records) {
      const { dynamodb } = JSON.parse(Buffer.from(record.data, 'base64').toString('utf8'))
      const versions = got.get(dynamodb.Keys.pk.S) ?? []
      got.set(dynamodb.Keys.pk.S, [...versions, Number(dynamodb.Keys.sk.N)])
    }
  }
  const mapping = startMapping({
    ...PACE,
    name,
    source: kinesisSource(client, stream.name, noTrim),
    toEvent: toKinesisStreamEvent,
    handler,
    positions: bridge.consumerPositions(positions),
    batchSize: 10,
    maximumRetryAttempts: -1,
    bisectBatchOnFunctionError: false,
    onFailure: async () => {},
    log: silentLogger,
    clock: Date.now,
  })
  running.push(mapping)
  return { got, mapping, count: () => [...got.values()].flat().length }
}

const savedByBridge = async (): Promise<number> => {
  const [shard] = await dynamoDBStreamSource(table.streams, table.streamArn, noTrim).shards()
  return Number((await positions.open(NAMES.bridge, table.streamArn)).load(shard?.shardId ?? '') ?? 0)
}

const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, index) => index + 1)

test("records have the format of DynamoDB's own Kinesis destination", async () => {
  const before = Math.floor(Date.now() / 1000) * 1_000_000
  await table.put('t#order#1', 1)
  const source = kinesisSource(kinesis, stream.name, noTrim)
  bridgeTo(kinesis, [])
  const records = async () => {
    const shards = await source.shards()
    const pages = await Promise.all(shards.map(({ shardId }) => source.read({ shardId, after: null, limit: 10 })))
    return pages.flatMap((page) => page.records)
  }
  await eventually(async () => (await records()).length === 1)
  const [record] = await records()
  expect(record?.payload.PartitionKey).toBe('t#order#1')
  const data = JSON.parse(new TextDecoder().decode(record?.payload.Data))
  expect(data).toStrictEqual({
    awsRegion: expect.any(String),
    eventID: expect.any(String),
    eventName: 'INSERT',
    userIdentity: null,
    recordFormat: 'application/json',
    tableName: table.name,
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      ApproximateCreationDateTimePrecision: 'MICROSECOND',
      Keys: { pk: { S: 't#order#1' }, sk: { N: '1' } },
      NewImage: { pk: { S: 't#order#1' }, sk: { N: '1' }, packed: { B: 'AQL/' } },
      SizeBytes: expect.any(Number),
    },
    eventSource: 'aws:dynamodb',
  })
  expect(data.dynamodb.ApproximateCreationDateTime).toBeGreaterThanOrEqual(before)
  expect(data.dynamodb.ApproximateCreationDateTime).toBeLessThanOrEqual(Date.now() * 1000)
})

test('every stream arrives in its order, once', async () => {
  for (const version of upTo(12)) {
    await Promise.all(['t#order#1', 't#order#2', 't#product#3'].map((pk) => table.put(pk, version)))
  }
  const { got, count } = consume(kinesis, bridgeTo(kinesis, [NAMES.search]), NAMES.search)
  await eventually(() => count() === 36)
  for (const pk of ['t#order#1', 't#order#2', 't#product#3']) expect(got.get(pk)).toEqual(upTo(12))
})

test('nothing is acknowledged before every consumer has handled it', async () => {
  await Promise.all(upTo(20).map((index) => table.put(`t#order#${index}`, 1)))
  let blocked = true
  const bridge = bridgeTo(kinesis, [NAMES.search, NAMES.archive])
  const search = consume(kinesis, bridge, NAMES.search)
  const archive = consume(kinesis, bridge, NAMES.archive, () => blocked)
  await eventually(() => search.count() === 20)
  await eventually(() => archive.mapping.status().lastError !== null)
  expect(bridge.unacknowledged()).toBe(20)
  expect([NAMES.search, NAMES.archive].map((name) => bridge.lagOf(name).records)).toEqual([0, 20])
  expect(await savedByBridge()).toBe(0)
  blocked = false
  await eventually(() => archive.count() === 20 && bridge.unacknowledged() === 0)
  expect(await savedByBridge()).toBe(20)
})

test('what no consumer wants is not sent, and blocks no acknowledgement', async () => {
  await table.put('t#unwanted#1', 1)
  await table.put('t#order#1', 1)
  await table.put('t#unwanted#1', 2)
  const bridge = bridgeTo(kinesis, [NAMES.search])
  const { got, count } = consume(kinesis, bridge, NAMES.search)
  await eventually(() => count() > 0 && bridge.unacknowledged() === 0 && bridge.idle())
  expect([...got.keys()]).toEqual(['t#order#1'])
  expect(await savedByBridge()).toBe(3)
})

test('the bridge waits while too much is unacknowledged', async () => {
  await Promise.all(upTo(30).map((index) => table.put(`t#order#${index}`, 1)))
  let blocked = true
  const bridge = bridgeTo(kinesis, [NAMES.search], 10)
  const { mapping, count } = consume(kinesis, bridge, NAMES.search, () => blocked)
  await eventually(() => mapping.status().lastError !== null && bridge.unacknowledged() >= 10)
  const most = bridge.unacknowledged()
  await Promise.all(upTo(30).map((index) => table.put(`t#product#${index}`, 1)))
  await eventually(() => bridge.status().pending > 0)
  expect(bridge.unacknowledged()).toBe(most)
  await eventually(() => bridge.lagOf(NAMES.search).records === 60 && !bridge.lagOf(NAMES.search).moreUnread)
  expect(bridge.lagOf(NAMES.search).lagMs).toBeGreaterThan(0)
  blocked = false
  await eventually(() => count() === 60 && bridge.idle())
  expect(bridge.lagOf(NAMES.search)).toEqual({ records: 0, lagMs: 0, moreUnread: false })
})

test('what a consumer had not handled is sent again when Kinesis was restarted empty', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'daybook-bridge-'))
  const options = { dataDir: directory, logFile: join(directory, 'kinesis.log') }
  let engine: Engine = await startKinesis(options)
  try {
    let own = localKinesisClient(engine.url)
    const shared = stream
    stream = { ...(await realKinesisStream(own)), drop: shared.drop }
    await Promise.all(upTo(10).map((index) => table.put(`t#order#${index}`, 1)))
    let blocked = false
    const bridge = bridgeTo(own, [NAMES.search])
    const first = consume(own, bridge, NAMES.search, () => blocked)
    await eventually(() => first.count() === 10 && bridge.unacknowledged() === 0)
    blocked = true
    await Promise.all(upTo(5).map((index) => table.put(`t#product#${index}`, 1)))
    await eventually(() => bridge.unacknowledged() === 5)
    await stopAll()
    await engine.stop()

    engine = await startKinesis({ ...options, port: engine.port })
    own = localKinesisClient(engine.url)
    stream = { ...(await realKinesisStream(own)), drop: shared.drop }
    const second = consume(own, bridgeTo(own, [NAMES.search]), NAMES.search)
    await eventually(() => second.count() >= 5)
    expect([...second.got.keys()].sort()).toEqual(upTo(5).map((index) => `t#product#${index}`))
  } finally {
    await stopAll()
    await engine.stop()
    await rm(directory, { recursive: true })
  }
}, 60_000)
