import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { noise } from '../contracts/noise.ts'
import { expectedSales } from './expected-sales.ts'
import { eventually, Instance } from './instance.ts'
import { runningInstance } from './running.ts'
import { figures, type Report, salesReport } from './sales-report.ts'

const SAMPLE = 'test/data/online-retail-sample.csv'
const gbp = (amount: string) => ({ amount, currency: 'GBP' })

const { daybook, admin } = await runningInstance()

const report = (groupBy: string): Promise<Report> => salesReport(daybook, admin(), groupBy)

const expected = expectedSales(SAMPLE)

const expectExactSales = async (): Promise<void> => {
  const { total } = await eventually(
    () => report('day'),
    (answer) =>
      answer.total.net.amount === expected.total.net && answer.total.creditNotes === expected.total.creditNotes,
  )
  expect(figures(total)).toEqual(expected.total)
  const { rows, nextCursor } = await report('customer')
  expect(nextCursor).toBeNull()
  expect(new Map(rows.map((row) => [row.key ?? '', figures(row)]))).toEqual(expected.byCustomer)
}

type Summary = { readonly orders: { readonly sent: number; readonly alreadyThere: number; readonly rejected: number } }

const importSample = async (): Promise<{ readonly code: number; readonly orders: Summary['orders'] }> => {
  const { code, stdout, stderr } = await daybook.cli('import', 'online-retail', SAMPLE, '--tenant', 'acme', '--json')
  if (code !== 0) throw new Error(`the import exited ${code}: ${stderr}`)
  const { orders }: Summary = JSON.parse(stdout)
  return { code, orders }
}

test('it says which search engine it uses and where it serves', () => {
  expect(daybook.output).toMatch(/search in (OpenSearch 3\.8|Postgres)/)
  expect(daybook.output).toMatch(/ready at http:\/\/127\.0\.0\.1:\d+/)
})

test('real invoices give exact sales, through a kill -9 half-way, a restart and a second import', async () => {
  const interrupted = daybook.cli('import', 'online-retail', SAMPLE, '--tenant', 'acme')
  const half = Math.floor(expected.total.invoices / 2)
  const { total: seen } = await eventually(
    () => report('day'),
    ({ total }) => total.invoices >= half,
  )
  await daybook.kill()
  await daybook.start()
  expect((await interrupted).code).toBe(1)
  expect((await interrupted).stderr).toMatch(/run the same command again/)

  const resumed = await importSample()
  expect(resumed.orders.alreadyThere).toBeGreaterThanOrEqual(seen.invoices)
  expect(resumed.orders.sent + resumed.orders.alreadyThere).toBe(expected.total.invoices)
  await expectExactSales()

  const second = await importSample()
  expect(second.orders).toEqual({ sent: 0, alreadyThere: expected.total.invoices, rejected: 0 })
  await expectExactSales()
})

test('every report tells the same invoices', async () => {
  const told = async (path: string) => (await daybook.http(admin(), path)).json
  const untilTold = (path: string, text: string) =>
    eventually(
      async () => JSON.stringify(await told(path)),
      (answer) => answer.includes(text),
    )
  const { invoices, creditNotes } = expected.total
  await untilTold('/v1/reports/bought-together?sku=85123A', `"baskets":${invoices},`)
  const total = { placed: invoices, cancelled: 0, invoiced: 0, credited: creditNotes }
  await untilTold('/v1/reports/funnel?groupBy=month', `"total":${JSON.stringify(total)}`)
  await untilTold('/v1/reports/products/85123A/movement', '"total":{"sold":788,')
  await untilTold('/v1/reports/customers?asOf=2010-12-31&limit=1', '"scores":{"recency":')
  await untilTold('/v1/reports/cohorts', '"offset":0,')
  await untilTold('/v1/stock', '"onHand":-')
})

test('a typo finds lanterns, and a new price is seen everywhere with its token', async () => {
  const { json } = await daybook.http(admin(), '/v1/search/products?q=lantrn&limit=100')
  const { items }: { items: ReadonlyArray<{ sku: string; name: string }> } = JSON.parse(JSON.stringify(json))
  expect(items.length).toBeGreaterThan(0)
  expect(items.filter(({ name }) => !/lantern/i.test(name))).toEqual([])
  const sku = items[0]?.sku ?? ''

  const changed = await daybook.http(admin(), `/v1/products/${sku}/price`, { price: gbp('123.456') })
  const { consistencyToken }: { consistencyToken: string } = JSON.parse(JSON.stringify(changed.json))
  const seen = { 'Consistency-Token': consistencyToken, Prefer: 'wait=20' }
  expect(await daybook.http(admin(), `/v1/products/${sku}`, undefined, seen)).toMatchObject({
    json: { price: gbp('123.456') },
  })
  const found = await daybook.http(admin(), '/v1/search/products?q=lantrn&limit=100', undefined, seen)
  expect(found.json).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ sku, price: gbp('123.456') })]),
  })
})

test('a product is added with its images, and shows them', async () => {
  const images = ['https://images.example/e2e.jpg', 'https://images.example/e2e-back.jpg']
  const product = { sku: 'e2e-lamp', name: 'Lamp', category: 'e2e', price: gbp('9.5'), images }
  const added = await daybook.http(admin(), '/v1/products', product)
  expect(added.status).toBe(201)
  const { consistencyToken }: { consistencyToken: string } = JSON.parse(JSON.stringify(added.json))
  const seen = { 'Consistency-Token': consistencyToken, Prefer: 'wait=20' }
  expect((await daybook.http(admin(), '/v1/products/e2e-lamp', undefined, seen)).json).toMatchObject(product)
  const { json } = await daybook.http(admin(), '/v1/products?category=e2e', undefined, seen)
  expect(json).toMatchObject({ items: [product] })
  const refused = await daybook.http(admin(), '/v1/products', { ...product, images: ['no URL'] })
  expect(refused).toMatchObject({ status: 422, json: { errors: [{ pointer: '/images/0' }] } })
})

test('a cancelled order leaves the reports as if it had never been, and history tells both', async () => {
  const before = await report('day')
  const order = { orderId: 'e2e-1', currency: 'GBP', lines: [{ sku: 'x', quantity: 3, unitPrice: gbp('0.333') }] }
  await daybook.http(admin(), '/v1/orders', order)
  const { json } = await daybook.http(admin(), '/v1/orders/e2e-1/cancellation', { reason: 'a test' })
  const { consistencyToken }: { consistencyToken: string } = JSON.parse(JSON.stringify(json))
  const seen = { 'Consistency-Token': consistencyToken, Prefer: 'wait=20' }
  const cancelled = await daybook.http(admin(), '/v1/orders/e2e-1', undefined, seen)
  expect(cancelled.json).toMatchObject({ status: 'cancelled', version: 2, total: gbp('0.999') })
  expect((await daybook.http(admin(), '/v1/orders/e2e-1?asOf=1')).json).toMatchObject({ status: 'placed', version: 1 })
  const history = await daybook.http(admin(), '/v1/orders/e2e-1/history')
  expect(history.json).toMatchObject({ items: [{ type: 'OrderPlaced' }, { type: 'OrderCancelled' }] })
  await eventually(
    () => report('day'),
    (answer) => answer.total.net.amount === before.total.net.amount,
  )
  expect((await report('day')).total).toEqual(before.total)
})

test('an order of 5,000 long lines is taken, viewed, told and cancelled like any other', async () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => ({
    sku: `SKU-${i}`,
    description: noise(500, i),
    quantity: 2,
    unitPrice: gbp('0.25'),
  }))
  const placed = await daybook.http(admin(), '/v1/orders', { orderId: 'e2e-large', currency: 'GBP', lines })
  expect(placed).toMatchObject({ status: 201, json: { version: 1 } })
  const objects = await readdir(`${daybook.dataDir}/objects/acme/order/e2e-large`)
  expect(objects).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json\.gz$/)])
  const { json } = await daybook.http(admin(), '/v1/orders/e2e-large/cancellation', { reason: 'a test' })
  const { consistencyToken }: { consistencyToken: string } = JSON.parse(JSON.stringify(json))
  const seen = { 'Consistency-Token': consistencyToken, Prefer: 'wait=20' }
  const viewed = await daybook.http(admin(), '/v1/orders/e2e-large', undefined, seen)
  const recorded = lines.map(({ sku, description, quantity, unitPrice }) => ({ sku, description, quantity, unitPrice }))
  expect(viewed.json).toMatchObject({ status: 'cancelled', version: 2, total: gbp('2500'), lines: recorded })
  const before = await daybook.http(admin(), '/v1/orders/e2e-large?asOf=1')
  expect(before.json).toMatchObject({ status: 'placed', lines: recorded })
  const history = await daybook.http(admin(), '/v1/orders/e2e-large/history')
  expect(history.json).toMatchObject({ items: [{ type: 'OrderPlaced' }, { type: 'OrderCancelled' }] })
})

type Status = {
  readonly name: string
  readonly lagEvents: number
  readonly lagEventsOrMore: boolean
  readonly lagSeconds: number
  readonly lastError: string | null
  readonly parkedStreams: number
}

test('status tells every projection; in the end all have caught up, and nothing is parked', async () => {
  const ask = async (): Promise<ReadonlyArray<Status>> => {
    const { code, stdout } = await daybook.cli('status', '--json')
    expect(code).toBe(0)
    return JSON.parse(stdout).projections
  }
  const projections = await eventually(ask, (all) =>
    all.every(({ lagEvents, lagEventsOrMore }) => lagEvents === 0 && !lagEventsOrMore),
  )
  expect(projections.map(({ name }) => name).toSorted()).toEqual([
    'baskets',
    'cohorts',
    'customer-value',
    'invoicing',
    'order-funnel',
    'orders',
    'product-movement',
    'product-search',
    'products',
    'refused-steps',
    'sales',
    'stock',
  ])
  const caughtUp = { lagEvents: 0, lagEventsOrMore: false, lagSeconds: 0, lastError: null, parkedStreams: 0 }
  for (const projection of projections) expect(projection).toMatchObject(caughtUp)
  expect(await daybook.cli('parked')).toEqual({ code: 0, stdout: 'nothing is parked\n', stderr: '' })
  const unknown = await daybook.http(admin(), '/v1/admin/projections/nothing/parked')
  expect(unknown).toMatchObject({ status: 404, json: { code: 'projection_not_found' } })
  const buyer = await daybook.http(await daybook.token('buyer'), '/v1/admin/projections/orders/parked')
  expect(buyer).toMatchObject({ status: 403 })
})

test('a second instance on the same data directory is refused in one line', async () => {
  const { url }: { url: string } = JSON.parse(await readFile(`${daybook.dataDir}/endpoints.json`, 'utf8'))
  const second = await Instance.prepare()
  await expect(second.start('--data-dir', daybook.dataDir)).rejects.toThrow(/in use/)
  await expect(second.start('--port', new URL(url).port)).rejects.toThrow(/port/)
  await second.remove()
})

test('stopping leaves nothing behind', async () => {
  expect(await daybook.stop()).toBe(0)
})
