import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteItemCommand, type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { readEngines } from '../../infra/local/engines-file.ts'
import { EVENT_TABLE_NAME } from '../../infra/names.ts'
import { expectedSales } from './expected-sales.ts'
import { eventually, Instance } from './instance.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const SAMPLE = 'test/data/online-retail-sample.csv'
const expected = expectedSales(SAMPLE)

let daybook: Instance
let dynamodb: DynamoDBClient
let out: string
beforeAll(async () => {
  daybook = await Instance.prepare()
  await daybook.start()
  const imported = await daybook.cli('import', 'online-retail', SAMPLE, '--tenant', 'acme')
  if (imported.code !== 0) throw new Error(imported.stderr)
  dynamodb = dynamoDbClient(readEngines(daybook.dataDir)?.dynamodbEndpoint ?? '')
  out = await mkdtemp(join(tmpdir(), 'daybook-audit-'))
})
afterAll(async () => {
  dynamodb.destroy()
  await daybook.remove()
})

const exported = async (name: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const dir = join(out, name)
  const { code, stderr } = await daybook.cli('audit', 'export', '--tenant', 'acme', '--out', dir, ...args)
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return dir
}

/** Money of the events as another program reads it: what orders and adjustments come to, less the credit notes. */
const netBy = async (source: string): Promise<string> => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const amount = (pointer: string): string => `CAST(json_extract_string(data, '${pointer}') AS DECIMAL(38, 3))`
  const reader = await connection.runAndReadAll(`
    SELECT sum(CASE type
      WHEN 'OrderPlaced' THEN ${amount('$.total')}
      WHEN 'OrderCancelled' THEN -${amount('$.total')}
      WHEN 'CreditNoteIssued' THEN -${amount('$.total')}
      WHEN 'AdjustmentBooked' THEN ${amount('$.amount.amount')}
      ELSE 0 END)::VARCHAR AS net
    FROM ${source}`)
  const [row] = reader.getRowObjectsJson()
  connection.closeSync()
  return String(row?.['net'])
}

describe('an export', () => {
  test.each([
    { format: 'csv', read: (file: string) => `read_csv('${file}', header = true, all_varchar = true)` },
    { format: 'parquet', read: (file: string) => `read_parquet('${file}')` },
  ])('as $format gives the exact net total to another program, and verifies', async ({ format, read }) => {
    const dir = await exported(format, '--format', format)
    expect(Number(await netBy(read(join(dir, `events.${format}`))))).toBe(Number(expected.total.net))
    expect(await daybook.cli('audit', 'verify', dir)).toMatchObject({ code: 0 })
  })

  test('of which a byte was changed does not verify', async () => {
    const dir = await exported('jsonl')
    expect(await daybook.cli('audit', 'verify', dir)).toMatchObject({ code: 0 })
    const file = join(dir, 'commits.jsonl')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('"quantity":6', '"quantity":7'))
    const verified = await daybook.cli('audit', 'verify', dir)
    expect(verified.code).toBe(1)
    expect(verified.stderr).toMatch(/altered: acme\/[a-z-]+\/\S+@\d+/)
  })
})

describe('the store', () => {
  const item = async () => {
    const { Items = [] } = await dynamodb.send(
      new QueryCommand({
        TableName: EVENT_TABLE_NAME,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'acme#order#536365' } },
      }),
    )
    return Items[0] ?? {}
  }
  const verified = () => daybook.cli('audit', 'verify', '--live', '--tenant', 'acme')

  test.each([
    {
      how: 'altered',
      change: (old: Record<string, unknown>) => ({ ...old, subject: { S: 'somebody-else' } }),
      finding: 'altered',
    },
    {
      how: 'with a forged hash',
      change: (old: Record<string, unknown>) => ({ ...old, hash: { S: 'f'.repeat(64) } }),
      finding: 'altered',
    },
  ])('with an item that was $how is found out', async ({ change, finding }) => {
    expect(await verified()).toMatchObject({ code: 0 })
    const kept = await item()
    const put = (Item: object) => dynamodb.send(new PutItemCommand({ TableName: EVENT_TABLE_NAME, Item: { ...Item } }))
    await put(change(kept))
    const found = await verified()
    await put(kept)
    expect(found.code).toBe(1)
    expect(found.stderr).toContain(`${finding}: acme/order/536365@1`)
  })

  test('without an item that was removed is found out', async () => {
    const kept = await item()
    const { pk, sk } = kept
    if (pk === undefined || sk === undefined) throw new Error('no such item')
    await dynamodb.send(new DeleteItemCommand({ TableName: EVENT_TABLE_NAME, Key: { pk, sk } }))
    const found = await verified()
    await dynamodb.send(new PutItemCommand({ TableName: EVENT_TABLE_NAME, Item: kept }))
    expect(found.code).toBe(1)
    expect(found.stderr).toContain('truncated: acme/order/536365@1')
  })
})

describe('over HTTP', () => {
  test('auditors read what was done, page by page, and others do not', async () => {
    const auditor = await daybook.token('auditor')
    const first = await daybook.http(auditor, '/v1/audit/events?limit=3&type=OrderPlaced')
    expect(first).toMatchObject({ status: 200, json: { items: [{ type: 'OrderPlaced' }, {}, {}] } })
    const sales = await daybook.token('sales')
    expect(await daybook.http(sales, '/v1/audit/events')).toMatchObject({ status: 403 })
  })

  test('an export is made in the background and downloaded file by file', async () => {
    const auditor = await daybook.token('auditor')
    const asked = await daybook.http(auditor, '/v1/audit/exports', { format: 'csv', type: 'StockAdjusted' })
    expect(asked).toMatchObject({ status: 201, json: { status: 'running', files: [] } })
    const path = asked.headers.get('Location') ?? ''
    const done = await eventually(
      () => daybook.http(auditor, path),
      ({ json }) => !JSON.stringify(json).includes('"running"'),
    )
    expect(done.json).toMatchObject({ status: 'done', manifestUrl: `${path}/files/manifest.json` })
    expect(await daybook.http(auditor, `${path}/files/manifest.json`)).toMatchObject({
      status: 200,
      json: { body: { tenant: 'acme', filter: { type: 'StockAdjusted' } } },
    })
    expect(await daybook.http(auditor, `${path}/files/..%2fissuer.json`)).toMatchObject({ status: 404 })
    const stranger = await daybook.token('auditor', 'other')
    expect(await daybook.http(stranger, path)).toMatchObject({ status: 404 })
  })
})
