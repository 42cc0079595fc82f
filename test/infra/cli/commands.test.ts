import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, test } from 'vitest'
import { loadOrCreateKeys } from '../../../infra/identity/keys.ts'
import { embeddedAuthenticator } from '../../../infra/identity/tokens.ts'
import { daybook, newDataDir, started, writeEndpoints } from './command-line.ts'

const keysDir = newDataDir()
const keys = await loadOrCreateKeys(keysDir)
const authenticate = embeddedAuthenticator(keys, () => new Date())

const sales = {
  name: 'sales',
  version: 1,
  releasedVersion: 1,
  lagEvents: 3,
  lagEventsOrMore: false,
  lagSeconds: 0.5,
  ratePerSecond: 333.3,
  ratePerSecondOverMinute: 20,
  lastError: null,
  parkedStreams: 0,
}
const orders = {
  ...sales,
  name: 'orders',
  lagEventsOrMore: true,
  ratePerSecond: null,
  ratePerSecondOverMinute: null,
  lastError: 'away\n\u001b[31m',
  parkedStreams: 2,
}
const status = { asOf: '2026-11-25T02:42:48.000Z', projections: [sales, orders] }
const parked = [
  { tenant: 'acme', streamType: 'order', streamId: "o'1 2", version: 3, error: 'no\nhandler', attempts: 2 },
  { tenant: '?', streamType: '?', streamId: 'e-1', version: 0, error: 'record names no stream', attempts: 1 },
].map((stream) => ({ ...stream, parkedAt: '2026-11-25T02:00:00.000Z' }))
const PARKED = '/v1/admin/projections/orders/parked?limit=1000'
const answers: { readonly [path: string]: unknown } = {
  '/v1/admin/projections': status,
  [PARKED]: { items: parked.slice(0, 1), nextCursor: 'a+b' },
  [`${PARKED}&cursor=a%2Bb`]: { items: parked.slice(1), nextCursor: null },
}
const server = createServer(async (request, response) => {
  const caller = await authenticate(request.headers.authorization?.replace('Bearer ', '') ?? '')
  const isAdmin = E.isRight(caller) && caller.right.roles.includes('admin')
  const answer = answers[request.url ?? '']
  const code = answer === undefined ? 404 : isAdmin ? 200 : 403
  response.writeHead(code).end(JSON.stringify(answer ?? { detail: 'The projections are orders, sales.' }))
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
afterAll(() => server.close())
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
writeEndpoints(keysDir, url)

test('a token speaks for its tenant, subject and roles until its time is over', async () => {
  const { code, stdout } = await daybook(
    ...[
      'token',
      '--tenant',
      'acme',
      '--role',
      'admin,auditor',
      '--subject',
      'ann',
      '--ttl',
      '2h',
      '--data-dir',
      keysDir,
    ],
  )
  expect(code).toBe(0)
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const caller = { tenant: 'acme', subject: 'ann', roles: ['admin', 'auditor'] }
  expect(await authenticate(stdout.trim())).toEqual(E.right(caller))
  const after = (minutes: number) => embeddedAuthenticator(keys, () => new Date(Date.now() + minutes * 60_000))
  expect(E.isRight(await after(115)(stdout.trim()))).toBe(true)
  expect(E.isLeft(await after(125)(stdout.trim()))).toBe(true)
})

test('a token as JSON says what it is for', async () => {
  const { stdout } = await daybook('--json', 'token', '--tenant', 'acme', '--role', 'sales', '--data-dir', keysDir)
  expect(JSON.parse(stdout)).toMatchObject({ tenant: 'acme', subject: 'cli', roles: ['sales'], expiresIn: 3_600 })
})

test('a token can be given to a client', async () => {
  const command = ['token', '--tenant', 'acme', '--role', 'sales', '--client', 'back office', '--data-dir', keysDir]
  const { stdout } = await daybook('--json', ...command)
  const printed: unknown = JSON.parse(stdout)
  expect(printed).toMatchObject({ client: 'back office' })
  expect(await authenticate((await daybook(...command)).stdout.trim())).toMatchObject({
    right: { client: 'back office' },
  })
})

test('without an instance a command fails in one line and makes no keys', async () => {
  const dataDir = newDataDir()
  const line = `error: no running instance under ${dataDir}: start one with npm start or name it with --data-dir\n`
  for (const command of [
    ['token', '--tenant', 'acme', '--role', 'sales'],
    ['status'],
    ['parked'],
    ['import', 'online-retail', 'invoices.csv', '--tenant', 'acme'],
  ]) {
    expect(await daybook(...command, '--data-dir', dataDir)).toEqual({ code: 1, stdout: '', stderr: line })
  }
})

test.each([
  ['an unknown command', ['tokn'], /unknown command 'tokn'/],
  ['an unknown option', ['status', '--loud'], /unknown option '--loud'/],
  ['a missing option', ['token', '--role', 'admin'], /required option '--tenant <tenant>' not specified/],
  ['an unknown role', ['token', '--tenant', 'a', '--role', 'admin,boss'], /"boss" is not one of admin, buyer/],
  ['a bad tenant', ['token', '--tenant', 'Acme!', '--role', 'admin'], /'Acme!' is invalid. It must be 1 to 40 of a-z/],
  ['a bad time', ['token', '--tenant', 'a', '--role', 'admin', '--ttl', '1w'], /It must be a time like 30s/],
  ['a bad URL', ['status', '--url', 'ftp://x'], /It must be an http or https URL/],
  ['a missing file', ['import', 'online-retail', '--tenant', 'a'], /missing required argument 'file'/],
  ['too many files', ['import', 'online-retail', 'a', 'b', '--tenant', 'a'], /too many arguments/],
  ['a bad currency', ['import', 'online-retail', 'f', '--tenant', 'a', '--currency', 'gbp'], /ISO 4217/],
  ['no requests at a time', ['import', 'online-retail', 'f', '--tenant', 'a', '--concurrency', '0'], /from 1 to 256/],
  ['an unknown source of imports', ['import', 'offline-retail'], /unknown command 'offline-retail'/],
  ['no command', [], /Usage: daybook/],
])('%s is wrong usage', async (_, args, words) => {
  const { code, stdout, stderr } = await daybook(...args)
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(words)
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('help and version are no errors', async () => {
  expect(await daybook('--version')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  expect(await daybook('import', 'online-retail', '--help')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/--tenant[\s\S]*--data-dir/),
    stderr: '',
  })
})

test('the status is a table, or with --json what the server says', async () => {
  const { code, stdout } = await daybook('status', '--data-dir', keysDir)
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: [
      'projection  version  lag (events)  lag (s)  events/s (10 s)  events/s (60 s)  parked streams',
      'sales             1             3      0.5            333.3             20.0               0',
      'orders            1            3+      0.5                -                -               2',
      'orders fails at present: away [31m',
      'what could not be applied: daybook parked',
      '',
    ].join('\n'),
  })
  const asJson = await daybook('status', '--json', '--data-dir', keysDir)
  expect(JSON.parse(asJson.stdout)).toEqual(status)
})

test('parked streams are listed page by page, with what to do about each', async () => {
  const { code, stdout } = await daybook('parked', '--data-dir', keysDir)
  expect({ code, lines: stdout.split('\n') }).toEqual({
    code: 0,
    lines: [
      "orders: order/o'1 2 of acme, at version 3, tried 2 times, since 2026-11-25T02:00:00.000Z",
      '  no handler',
      "  after a fix: daybook replay orders --tenant acme --stream 'order/o'\\''1 2'",
      'orders: ?/e-1 of ?, at version 0, tried once, since 2026-11-25T02:00:00.000Z',
      '  record names no stream',
      '  a record that names no stream: look for what wrote it into the event table',
      '',
    ],
  })
  const asJson = await daybook('parked', 'orders', '--json', '--data-dir', keysDir)
  expect(JSON.parse(asJson.stdout)).toEqual({ parked: parked.map((stream) => ({ projection: 'orders', ...stream })) })
})

test('an unknown projection is told in one line', async () => {
  expect(await daybook('parked', 'order', '--data-dir', keysDir)).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: the server at ${url} does not tell its parked streams: it answers 404 (The projections are orders, sales.)\n`,
  })
})

test('a foreign server needs a token from outside, and --token goes before the environment', async () => {
  const elsewhere = ['status', '--url', url, '--data-dir', newDataDir()]
  expect(await daybook(...elsewhere)).toMatchObject({
    code: 1,
    stderr: `error: no token for ${url}: give one by --token or DAYBOOK_TOKEN\n`,
  })
  const { stdout } = await daybook('token', '--tenant', 'acme', '--role', 'admin', '--data-dir', keysDir)
  expect((await started(elsewhere, { DAYBOOK_TOKEN: stdout.trim() }).finished).code).toBe(0)
  const overruled = await started([...elsewhere, '--token', 'nonsense'], { DAYBOOK_TOKEN: stdout.trim() }).finished
  expect(overruled).toMatchObject({ code: 1, stderr: expect.stringContaining('it answers 403') })
})

test('a server that is not there is told in one line', async () => {
  const dataDir = newDataDir()
  await loadOrCreateKeys(dataDir)
  writeEndpoints(dataDir, 'http://127.0.0.1:1')
  expect(await daybook('status', '--data-dir', dataDir)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^error: the server at http:\/\/127\.0\.0\.1:1 does not answer: .*\n$/),
  })
})

test('a reader that stops reading is no error', async () => {
  const main = join(import.meta.dirname, '../../../infra/cli/main.ts')
  const script = `{ "${process.execPath}" "${main}" --help; echo "ended with $?" >&2; } | true`
  const { stderr } = await promisify(execFile)('sh', ['-c', script])
  expect(stderr).toBe('ended with 0\n')
})
