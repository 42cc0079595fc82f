import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { readEngines } from '../../infra/local/engines-file.ts'
import { ownerPool } from '../../infra/postgres/pool.ts'
import { eventually } from './instance.ts'
import { runningInstance } from './running.ts'

const SECRET = 'secret-customer-7f3a'
const OTHER = 'other-customer'

const { daybook, admin } = await runningInstance()

const written = async (path: string, body: unknown): Promise<void> => {
  const { status, json } = await daybook.http(admin(), path, body)
  if (status > 201) throw new Error(`${path} answers ${status}: ${JSON.stringify(json)}`)
}

const PRICE = { amount: '2.55', currency: 'GBP' }
const lines = [{ sku: '85123A', quantity: 6, unitPrice: PRICE }]

/** Every kind of document, of two customers. */
const trade = async (): Promise<void> => {
  for (const [nth, customerId] of [SECRET, OTHER].entries()) {
    for (const order of ['kept', 'cancelled', 'late']) {
      await written('/v1/orders', { orderId: `${order} ${nth}`, customerId, currency: 'GBP', lines })
    }
    await written(`/v1/orders/cancelled ${nth}/cancellation`, { reason: 'damaged' })
    const note = { creditNoteId: `note ${nth}`, customerId, currency: 'GBP' }
    await written('/v1/credit-notes', { ...note, lines: [{ sku: '85123A', quantity: 1, unitPrice: PRICE }] })
    const amount = { amount: '-1.5', currency: 'GBP' }
    await written('/v1/adjustments', { adjustmentId: `debt ${nth}`, customerId, amount, reason: 'bad debt' })
    await written('/v1/invoices', { orderId: `kept ${nth}` })
  }
}

const READS = [
  '/v1/orders',
  '/v1/orders/kept 0',
  '/v1/orders/kept 0?asOf=1',
  '/v1/orders/cancelled 0/history',
  ...['day', 'customer', 'product'].map((key) => `/v1/reports/sales?groupBy=${key}`),
  '/v1/reports/customers',
  '/v1/reports/cohorts',
  '/v1/reports/funnel',
]

const answers = async (): Promise<string> => {
  const got = await Promise.all(READS.map((path) => daybook.http(admin(), path)))
  expect(got.map(({ status }) => status)).toEqual(READS.map(() => 200))
  return JSON.stringify(got.map(({ json }) => json))
}

const engines = () => {
  const found = readEngines(daybook.dataDir)
  if (found === null) throw new Error('no running instance')
  return found
}

/** All items of all tables. */
const dynamo = async (): Promise<string> => {
  const client = dynamoDbClient(engines().dynamodbEndpoint)
  const { TableNames = [] } = await client.send(new ListTablesCommand({}))
  expect(TableNames.length).toBeGreaterThan(4)
  const items: unknown[] = []
  for (const TableName of TableNames) {
    const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }))
    expect(LastEvaluatedKey).toBeUndefined()
    for (const item of Items) {
      const unpacked = Object.values(item).flatMap(({ B }) =>
        B?.[0] === 0x1f && B[1] === 0x8b ? [gunzipSync(B).toString()] : [],
      )
      items.push(item, unpacked)
    }
  }
  client.destroy()
  return JSON.stringify(items)
}

/** All rows of all tables in all schemas. */
const postgres = async (): Promise<string> => {
  const pool = ownerPool(engines().postgresUrl)
  const { rows } = await pool.query<{ text: string }>(
    `SELECT query_to_xml(format('SELECT * FROM %I.%I', table_schema, table_name), true, true, '')::text AS text
       FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
  )
  await pool.end()
  return rows.map(({ text }) => text).join()
}

/** All files of the instance but those of Postgres, whose rows were looked at. */
const files = async (): Promise<ReadonlyMap<string, string>> => {
  const entries = await readdir(daybook.dataDir, { recursive: true, withFileTypes: true })
  const found = new Map<string, string>()
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name)
    const name = relative(daybook.dataDir, file)
    if (name.startsWith(join('engines', 'postgres'))) continue
    const bytes = await readFile(file).catch(() => Buffer.alloc(0))
    found.set(name, (/^archive.*\.gz$/.test(name) ? gunzipSync(bytes) : bytes).toString('latin1'))
  }
  return found
}

const totals = async () => {
  const { json } = await daybook.http(admin(), '/v1/reports/sales?groupBy=day')
  const { rows, total }: { rows: unknown; total: { invoices: number; creditNotes: number } } = Object(json)
  return { rows, total }
}

const customerRows = async (): Promise<ReadonlyMap<string, unknown>> => {
  const { json } = await daybook.http(admin(), '/v1/reports/sales?groupBy=customer')
  const { rows }: { rows: ReadonlyArray<{ key: string }> } = Object(json)
  return new Map(rows.map(({ key, ...figures }) => [key, figures]))
}

/** What an export of the trail holds, which has to verify. */
const trail = async (name: string): Promise<string> => {
  const out = join(daybook.dataDir, name)
  const made = await daybook.cli('audit', 'export', '--tenant', 'acme', '--format', 'csv', '--out', out)
  expect(made.code).toBe(0)
  expect(await daybook.cli('audit', 'verify', out)).toMatchObject({ code: 0 })
  const all = await Promise.all((await readdir(out)).map((file) => readFile(join(out, file))))
  return all.map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('latin1')).join()
}

const expectViewsAsEventsSay = async (): Promise<void> => {
  const { code, stdout } = await daybook.cli('verify-views', '--full')
  expect(stdout).not.toMatch(/differ/)
  expect(code).toBe(0)
}

test('a forgotten customer is nowhere any more; figures, chains and rebuilt views are what they were', async () => {
  await trade()
  await eventually(totals, ({ total }) => total.invoices === 4 && total.creditNotes === 2)
  await daybook.cli('replay', 'sales')
  await eventually(
    () => daybook.cli('archive', 'verify', '--json'),
    ({ code, stdout }) => code === 0 && JSON.parse(stdout).commits >= 14,
  )
  const [before, customersBefore] = [await totals(), await customerRows()]
  expect([...customersBefore.keys()].toSorted()).toEqual([OTHER, SECRET])
  expect(await answers()).toContain(SECRET)
  expect(await postgres()).toContain(SECRET)

  const exported = async (): Promise<ReadonlyArray<string>> => {
    const { json } = await daybook.http(admin(), `/v1/subjects/${SECRET}/export`)
    const { events = [] }: { events?: ReadonlyArray<{ type: string }> } = Object(json)
    return events.map(({ type }) => type).toSorted()
  }
  const documents = ['AdjustmentBooked', 'CreditNoteIssued', 'InvoiceIssued', 'OrderCancelled']
  expect(await exported()).toEqual([...documents, 'OrderPlaced', 'OrderPlaced', 'OrderPlaced'])

  // Who asks for a customer's orders is put on record, and the record names the customer.
  expect((await daybook.http(admin(), `/v1/orders?customerId=${SECRET}`)).status).toBe(200)

  const sales = await daybook.token('sales')
  expect((await daybook.http(sales, `/v1/subjects/${SECRET}/export`)).status).toBe(403)
  const path = `/v1/subjects/${SECRET}/erasure`
  expect((await daybook.http(sales, path, { reason: 'asked for' })).status).toBe(403)
  expect(await daybook.http(admin(), path, { reason: `${SECRET} asked` })).toMatchObject({ status: 422 })
  expect(await daybook.cli('erase', '--tenant', 'acme', '--subject', 'nobody')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No data are stored under a key of this person'),
  })
  const erased = await daybook.cli('erase', '--tenant', 'acme', '--subject', SECRET, '--json')
  expect(erased).toMatchObject({ code: 0, stderr: '' })
  const { pseudonym, rows }: { pseudonym: string; rows: number } = JSON.parse(erased.stdout)
  expect(rows).toBeGreaterThan(0)

  const expectForgotten = async (): Promise<void> => {
    expect(await totals()).toEqual(before)
    const customers = await customerRows()
    expect(customers.get(pseudonym)).toEqual(customersBefore.get(SECRET))
    expect(customers.get(OTHER)).toEqual(customersBefore.get(OTHER))
    expect(await answers()).not.toContain(SECRET)
    expect(await dynamo()).not.toContain(SECRET)
    expect(await postgres()).not.toContain(SECRET)
    const naming = [...(await files())].filter(([, text]) => text.includes(SECRET)).map(([name]) => name)
    expect(naming).toEqual([])
    await expectViewsAsEventsSay()
  }
  await expectForgotten()
  expect(await exported()).toEqual([])
  expect((await daybook.cli('archive', 'verify')).code).toBe(0)
  expect(await trail('erased')).not.toContain(SECRET)
  expect(await daybook.cli('audit', 'verify', '--live', '--tenant', 'acme')).toMatchObject({ code: 0 })

  for (const projection of ['sales', 'orders', 'customer-value', 'cohorts']) {
    const replayed = await daybook.cli('replay', projection)
    expect(replayed.code).toBe(0)
  }
  expect((await daybook.cli('replay', 'orders', '--from-archive')).code).toBe(0)
  await expectForgotten()
  expect(
    JSON.parse((await daybook.cli('erase', '--tenant', 'acme', '--subject', SECRET, '--json')).stdout),
  ).toMatchObject({
    pseudonym,
    rows: 0,
  })
})

test('what is written about the customer afterwards is about nobody, and figures stay exact', async () => {
  const [[pseudonym = '']] = [[...(await customerRows()).keys()].filter((key) => key.startsWith('erased-'))]
  await written('/v1/orders/late 0/cancellation', { reason: 'too late' })
  await written('/v1/orders', { orderId: 'again', customerId: SECRET, currency: 'GBP', lines })
  await eventually(
    async () => JSON.stringify((await daybook.http(admin(), '/v1/orders/again')).json),
    (text) => text.includes(pseudonym),
  )
  await expectViewsAsEventsSay()
  expect((await totals()).total).toMatchObject({ invoices: 4 })
  expect((await customerRows()).get(pseudonym)).toMatchObject({ invoices: 2 })
  expect(await postgres()).not.toContain(SECRET)
  expect(await dynamo()).not.toContain(SECRET)
})
