import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, onTestFinished, test } from 'vitest'
import { dynoxideFile, startDynoxide } from '../../../../infra/local/engines/dynoxide.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { indexScans, indexStreamRecords } from '../../../../infra/local/engines/sqlite-indexes.ts'
import { temporaryDir } from '../temporary-dir.ts'
import { crash, isOpenBeyondLoopback, runEngine } from './run-engine.ts'

const TableName = 'events'

const clientOf = (engine: Engine): DynamoDBClient => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: engine.url, region: 'local', credentials })
  onTestFinished(() => client.destroy())
  return client
}

const createTable = (client: DynamoDBClient) =>
  client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  )

const put = (client: DynamoDBClient, pk: string) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }))

const NEXT_SEQUENCE_NUMBER =
  'SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = ?1'

/** How SQLite answers what dynoxide asks before every write to a table with a stream: its plan, and the steps it takes. */
const explained = (dataDir: string): { readonly plan: string; readonly steps: string } => {
  const database = new DatabaseSync(dynoxideFile(dataDir), { readOnly: true, timeout: 5_000 })
  const column = (statement: string, name: string): string =>
    database
      .prepare(statement)
      .all(TableName)
      .map((row) => String(row[name]))
      .join(' ')
  try {
    return {
      plan: column(`EXPLAIN QUERY PLAN ${NEXT_SEQUENCE_NUMBER}`, 'detail'),
      steps: column(`EXPLAIN ${NEXT_SEQUENCE_NUMBER}`, 'opcode'),
    }
  } finally {
    database.close()
  }
}

/** One step back from the end of the table's part of the index, instead of a walk over all of its records. */
const ONE_LOOK_UP = {
  plan: expect.stringMatching(/USING COVERING INDEX daybook_stream_sequence/),
  steps: expect.stringMatching(/\bSeekLE\b/),
}

const NEXT_PAGE = `SELECT pk, sk, item_json FROM "${TableName}"
  WHERE (hash_prefix, pk, sk) > ('a', 'b', 'c') ORDER BY hash_prefix ASC, pk ASC, sk ASC LIMIT 100`

test('a page of a scan is found by the index, in its order, and the scan finds everything', async () => {
  const dir = temporaryDir()
  const client = clientOf(await runEngine(startDynoxide, dir))
  const file = dynoxideFile(join(dir, 'data'))
  expect(indexScans(file, TableName)).toBe(false)
  await createTable(client)
  expect([indexScans(file, TableName), indexScans(file, TableName)]).toEqual([true, true])
  for (const pk of ['one', 'other', 'third']) await put(client, pk)
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  const plan = database
    .prepare(`EXPLAIN QUERY PLAN ${NEXT_PAGE}`)
    .all()
    .map(({ detail }) => String(detail))
  database.close()
  expect(plan).toEqual([expect.stringMatching(/^SEARCH events USING INDEX daybook_scan_events/)])
  const { Items = [] } = await client.send(new ScanCommand({ TableName }))
  expect(Items.map(({ pk }) => pk?.S).toSorted()).toEqual(['one', 'other', 'third'])
})

test('the next sequence number of a stream is found by the index, also after a crash and a restart', async () => {
  const dir = temporaryDir()
  const engine = await runEngine(startDynoxide, dir)
  const client = clientOf(engine)
  await createTable(client)
  await put(client, 'first')
  expect(explained(join(dir, 'data'))).toEqual(ONE_LOOK_UP)
  await crash(engine)
  const again = clientOf(await runEngine(startDynoxide, dir))
  await put(again, 'second')
  expect(explained(join(dir, 'data'))).toEqual(ONE_LOOK_UP)
})

test('what was acknowledged before a crash is there after it, at the same port', async () => {
  const dir = temporaryDir()
  const engine = await runEngine(startDynoxide, dir)
  const client = clientOf(engine)
  await createTable(client)
  await Promise.all(Array.from({ length: 20 }, (_, number) => put(client, `item-${number}`)))
  await crash(engine)
  const again = await runEngine(startDynoxide, dir, { port: engine.port })
  expect(again.url).toBe(engine.url)
  for (let number = 0; number < 20; number++) {
    const key = { pk: { S: `item-${number}` } }
    const { Item } = await clientOf(again).send(new GetItemCommand({ TableName, Key: key }))
    expect(Item).toEqual(key)
  }
})

test('two of them side by side keep their tables apart, and answer on loopback only', async () => {
  const [one, other] = await Promise.all([
    runEngine(startDynoxide, temporaryDir()),
    runEngine(startDynoxide, temporaryDir()),
  ])
  await createTable(clientOf(one))
  await expect(clientOf(other).send(new DescribeTableCommand({ TableName }))).rejects.toThrow(/not found/i)
  expect(await isOpenBeyondLoopback(one.port)).toBe(false)
})

test('a database without stream records is left as it is', () => {
  const file = join(temporaryDir(), 'other.sqlite')
  expect(indexStreamRecords(file)).toBe(false)
})

test('a stop ends the process in good order', async () => {
  const engine = await runEngine(startDynoxide, temporaryDir())
  await engine.stop()
  expect(await engine.exited).toEqual({ code: 0, signal: null })
})

test('a port that another program has is refused, not shared', async () => {
  const first = await runEngine(startDynoxide, temporaryDir())
  await expect(runEngine(startDynoxide, temporaryDir(), { port: first.port })).rejects.toThrow(/is taken/)
})

test('a start that fails names the log', async () => {
  const dir = temporaryDir()
  mkdirSync(dynoxideFile(join(dir, 'data')), { recursive: true })
  const log = join(dir, 'engine.log')
  await expect(runEngine(startDynoxide, dir)).rejects.toThrow(`dynoxide ended while starting; its log is ${log}`)
})
