import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readRows } from '../../../../infra/cli/import/rows.ts'
import { type ApiServer, type Fate, startApi } from '../api-server.ts'
import { fileOf } from './csv.ts'
import { directApi, importer, importInto, importThrough } from './importing.ts'

const SAMPLE = join(import.meta.dirname, '../../../data/online-retail-sample.csv')
const FIRST_LINES = fileOf(readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 1_500).join('\n'))
const read = () => readRows(FIRST_LINES)

const servers: Array<ApiServer> = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

const start = async (fate: (request: number) => Fate): Promise<ApiServer> => {
  const api = await startApi(importer, fate)
  servers.push(api)
  return api
}

const facts = (api: Pick<ApiServer, 'events'>): ReadonlyArray<string> =>
  api
    .events()
    .map((event) => JSON.stringify(event))
    .toSorted()

const undisturbed = async (): Promise<ReadonlyArray<string>> => {
  const api = directApi()
  await importThrough(api.transport, read)
  return facts(api)
}

/** Every fifth request fails, each time in another way. */
const flaky = (request: number): Fate => {
  const fates: ReadonlyArray<Fate> = ['lost', 'applied-and-lost', 503, 'applied-and-lost', 429, 500]
  return request % 5 === 0 ? (fates[(request / 5) % fates.length] ?? 'lost') : 'served'
}

test('a network that loses a fifth of the requests, some after they were applied, changes nothing in the outcome', async () => {
  const api = await start(flaky)
  const { report, failure } = await importInto(api.url, read)
  expect(failure).toBeNull()
  expect(report.rejections).toEqual([])
  expect(facts(api)).toEqual(await undisturbed())
}, 60_000)

test('an import whose server dies half-way says so, and running it again completes it exactly', async () => {
  let dead = true
  const api = await start((request) => (dead && request > 400 ? 'lost' : 'served'))
  const first = await importInto(api.url, read, { patienceMs: 300 })
  expect(first.failure?.message).toMatch(/went away .*; run the same command again to resume/)
  expect(first.report.complete).toBe(false)
  const half = facts(api)
  dead = false
  const second = await importInto(api.url, read)
  const whole = await undisturbed()
  expect(half.length).toBeLessThan(whole.length)
  expect(second).toMatchObject({ failure: null, report: { complete: true, rejections: [] } })
  expect(facts(api)).toEqual(whole)
  const { products, orders, creditNotes, stockAdjustments } = second.report
  const counts = [products, orders, creditNotes, stockAdjustments]
  expect(counts.reduce((sum, { alreadyThere }) => sum + alreadyThere, 0)).toBe(half.length)
  expect(counts.reduce((sum, { sent }) => sum + sent, 0)).toBe(whole.length - half.length)
}, 60_000)

test('nobody listening ends the run without a word of code', async () => {
  const api = await start(() => 'served')
  await api.close()
  servers.splice(0)
  const { failure } = await importInto(api.url, read, { patienceMs: 100 })
  expect(failure?.message).toBe(
    `the server at ${api.url} went away (ECONNREFUSED); run the same command again to resume`,
  )
})
