import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { loadOrCreateKeys } from '../../../infra/identity/keys.ts'
import { embeddedAuthenticator } from '../../../infra/identity/tokens.ts'
import { type ApiServer, type Fate, startApi } from './api-server.ts'
import { daybook, newDataDir, started, writeEndpoints } from './command-line.ts'
import { csvFile, fileOf } from './import/csv.ts'

const SAMPLE = join(import.meta.dirname, '../../data/online-retail-sample.csv')
const FIRST_LINES = fileOf(readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 1_500).join('\n'))

const servers: Array<ApiServer> = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const instance = async (fate?: (request: number) => Fate) => {
  const dataDir = newDataDir()
  const keys = await loadOrCreateKeys(dataDir)
  const api = await startApi(
    embeddedAuthenticator(keys, () => new Date()),
    fate,
  )
  servers.push(api)
  writeEndpoints(dataDir, api.url)
  const args = (file: string) => ['import', 'online-retail', file, '--tenant', 'acme', '--data-dir', dataDir]
  return { api, args }
}

const facts = ({ events }: ApiServer): ReadonlyArray<string> =>
  events()
    .map((event) => JSON.stringify(event))
    .toSorted()

const LINE = '1,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,France'

test('an import ends with a table of what was sent', async () => {
  const { args } = await instance()
  const { code, stdout, stderr } = await daybook(
    ...args(csvFile(LINE, 'C2,71053,LANTERN,-1,2010-12-01 08:26:00,3.39,,')),
  )
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^products +1 +0 +0$/m)
  expect(stdout).toMatch(/^orders +1 +0 +0$/m)
  expect(stdout).toMatch(/^credit notes +1 +0 +0$/m)
  expect(stdout).toMatch(/^2 rows read, 0 malformed; 2 invoices, 0 skipped for a malformed row; \d+\.\d s$/m)
})

test('an import that left something out fails in one line, and lists what and why', async () => {
  const { args } = await instance()
  const malformed = Array.from({ length: 25 }, (_, n) => LINE.replace(/^1,/, `M${n},`).replace('3.39', 'free'))
  const file = csvFile(LINE, '2,71053,LANTERN,0,2010-12-01 08:26:00,3.39,,France', ...malformed)
  const inText = await daybook(...args(file))
  expect(inText.code).toBe(1)
  expect(inText.stderr).toBe(
    'error: not everything was imported: 25 malformed rows (25 invoices skipped), 1 rejections\n',
  )
  expect(inText.stdout).toContain('order 2: not_expressible: line 3: a quantity cannot be 0')
  expect(inText.stdout).toContain('line 4 (invoice M0): UnitPrice "free" is not a decimal number')
  expect(inText.stdout.match(/UnitPrice "free"/g)).toHaveLength(20)
  expect(inText.stdout).toContain('… and 5 more (--json lists all)')
  const asJson = await daybook(...args(file), '--json')
  expect(asJson.code).toBe(1)
  const report = JSON.parse(asJson.stdout)
  expect(report.malformed).toHaveLength(25)
  expect(report).toMatchObject({
    complete: true,
    rows: { read: 27, malformed: 25 },
    invoices: { read: 27, skipped: 25 },
    orders: { sent: 0, alreadyThere: 1, rejected: 1 },
    rejections: [{ kind: 'order', id: '2', code: 'not_expressible' }],
  })
})

test('a file that cannot be read to its end fails in one line, before anything is sent', async () => {
  const { api, args } = await instance()
  const path = csvFile(LINE, `"${LINE}`, LINE)
  expect(await daybook(...args(path))).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: ${path} is not CSV: a quote that opens after line 2 is never closed\n`,
  })
  expect(api.events()).toEqual([])
})

test('a file that is not there fails in one line', async () => {
  const { args } = await instance()
  expect(await daybook(...args('/nowhere.csv'))).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: cannot read /nowhere.csv: there is no such file\n',
  })
})

test('a server that is not there is told at once', async () => {
  const { api, args } = await instance()
  await api.close()
  servers.splice(0)
  expect(await daybook(...args(FIRST_LINES))).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: no server listens at ${api.url}: start it with npm start\n`,
  })
})

test('a token that is not accepted ends the import at once, in one line', async () => {
  const { api, args } = await instance()
  const { code, stderr } = await daybook(...args(FIRST_LINES), '--token', 'nonsense')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: the server at ${api.url} does not accept the token (401)\n`,
  })
  expect(api.requests()).toBeLessThanOrEqual(9)
})

test('an importer killed half-way leaves nothing half done that the next run does not complete exactly', async () => {
  const { api, args } = await instance()
  const { child, finished } = started(args(FIRST_LINES))
  await expect.poll(() => api.requests(), { timeout: 20_000, interval: 5 }).toBeGreaterThan(200)
  child.kill('SIGKILL')
  await finished
  const half = facts(api).length
  const again = await daybook(...args(FIRST_LINES), '--json')
  const whole = await instance()
  await daybook(...whole.args(FIRST_LINES))
  expect(again.code).toBe(0)
  expect(half).toBeLessThan(facts(whole.api).length)
  expect(facts(api)).toEqual(facts(whole.api))
}, 90_000)

test('an interrupt, which npm sends a second time, waits for what is under way, tells how far it came, and exits with 130', async () => {
  const { api, args } = await instance()
  const { child, finished } = started([...args(FIRST_LINES), '--json'])
  await expect.poll(() => api.requests(), { timeout: 20_000, interval: 5 }).toBeGreaterThan(200)
  child.kill('SIGINT')
  child.kill('SIGINT')
  const { code, stdout, stderr } = await finished
  expect({ code, stderr }).toEqual({ code: 130, stderr: 'error: interrupted; run the same command again to resume\n' })
  const report = JSON.parse(stdout)
  expect(report.complete).toBe(false)
  const { products, orders, creditNotes, stockAdjustments } = report
  expect(products.sent + orders.sent + creditNotes.sent + stockAdjustments.sent).toBe(api.events().length)
}, 60_000)
