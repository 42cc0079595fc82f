import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { expectedSales } from './expected-sales.ts'
import { eventually } from './instance.ts'
import { runningInstance } from './running.ts'
import { figures, salesReport } from './sales-report.ts'

const SAMPLE = 'test/data/online-retail-sample.csv'
const expected = expectedSales(SAMPLE)

const { daybook, admin } = await runningInstance()

const total = async () => figures((await salesReport(daybook, admin(), 'day')).total)

const replay = async (...args: ReadonlyArray<string>) => {
  const { code, stdout, stderr } = await daybook.cli('replay', ...args, '--json')
  if (code !== 0) throw new Error(`replay ${args.join(' ')} exited ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

const expectExact = async (): Promise<void> => {
  expect(await eventually(total, ({ net }) => net === expected.total.net)).toEqual(expected.total)
  const { code, stdout } = await daybook.cli('verify-views', '--full')
  expect(stdout).not.toMatch(/differ/)
  expect(code).toBe(0)
}

test('views are rebuilt again and again while eight clients write, and are exact in the end', async () => {
  let importing = true
  const imported = daybook
    .cli('import', 'online-retail', SAMPLE, '--tenant', 'acme', '--concurrency', '8')
    .finally(() => {
      importing = false
    })
  let last = 0
  for (let turn = 0; importing && turn < 8; turn += 1) {
    const { projection } = await replay(['sales', 'orders', 'products', 'stock'][turn % 4] ?? 'sales')
    expect(projection).toBeDefined()
    // What a reader has seen is never taken back by a switch.
    const { invoices } = await total()
    expect(invoices).toBeGreaterThanOrEqual(last)
    last = invoices
  }
  expect((await imported).code).toBe(0)
  await expectExact()
})

test('a replay that is killed changes nothing that serves, and goes on when it is started again', async () => {
  const args = ['run', '--silent', 'daybook', '--', '--data-dir', daybook.dataDir, 'replay', 'sales']
  const child = spawn('npm', [...args, '--max-read-rate', '300'], { detached: true })
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const ended = once(child, 'exit')
  await eventually(
    async () => told,
    (text) => /\d+ of \d+ commits/.test(text),
  )
  if (child.pid === undefined) throw new Error('no replay was started')
  process.kill(-child.pid, 'SIGKILL')
  await ended
  await expectExact()
  const { code, stderr } = await daybook.cli('replay', 'sales')
  expect(stderr).toContain('going on where an earlier run stopped')
  expect(code).toBe(0)
  await expectExact()
})

test('a view is rebuilt from the archive, and the generation before comes back', async () => {
  await eventually(
    () => daybook.cli('archive', 'verify', '--json'),
    ({ stdout }) => JSON.parse(stdout).commits > expected.total.invoices,
  )
  expect(await replay('orders', '--from-archive')).toMatchObject({ projection: 'orders' })
  expect(await replay('orders', '--rollback')).toMatchObject({ projection: 'orders' })
  await expectExact()
})

test('the search index is rebuilt while it answers, and the one before comes back', async () => {
  await replay('product-search')
  const found = async () => JSON.stringify((await daybook.http(admin(), '/v1/search/products?q=heart&limit=100')).json)
  const before = await found()
  expect(JSON.parse(before).total).toBeGreaterThan(0)
  const answers = new Set<string>()
  let over = false
  const asking = (async () => {
    while (!over) answers.add(await found())
  })()
  expect(await replay('product-search')).toMatchObject({ projection: 'product-search' })
  expect(await replay('product-search', '--rollback')).toMatchObject({ projection: 'product-search' })
  over = true
  await asking
  expect([...answers]).toEqual([before])
})

test('one tenant is rebuilt alone, a moment of the past beside, and an unknown projection is refused', async () => {
  expect(await replay('sales', '--tenant', 'nobody')).toMatchObject({ events: 0 })
  expect(await replay('sales', '--as-of', '2026-01-01T00:00:00Z')).toMatchObject({
    schema: 'sales_as_of_20260101t000000z',
    events: 0,
  })
  expect(await daybook.cli('replay', 'nothing')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/there are .*sales/),
  })
  await expectExact()
})
