import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROJECTION_NAMES } from '../../../infra/composition/projections.ts'
import { statusFile } from '../../../infra/feeds/status-file.ts'
import { statusOfProjections } from '../../../infra/local/projection-status.ts'
import { migrate } from '../../../infra/postgres/migrate.ts'
import { projectorPool } from '../../../infra/postgres/pool.ts'
import { postgresParkedStreams } from '../../../infra/views/postgres-parked.ts'
import { freshDatabase } from '../../engines/engines.ts'
import { temporaryDir } from './temporary-dir.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let pool: ReturnType<typeof projectorPool>
beforeAll(async () => {
  database = await freshDatabase()
  await migrate(database.url)
  pool = projectorPool(database.url)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const consumer = { waiting: 0, orMore: false, lagMs: 0, ratePerSecond: { last10s: 0, last60s: 0 }, lastError: null }
const views = { ...consumer, name: 'postgres-views' }
const search = {
  ...consumer,
  name: 'product-search',
  waiting: 7,
  orMore: true,
  lagMs: 2_000,
  ratePerSecond: { last10s: 5, last60s: 1.5 },
  lastError: 'away',
}

const written = async (at: number): Promise<string> => {
  const dataDir = temporaryDir()
  await mkdir(dirname(statusFile(dataDir)), { recursive: true })
  await writeFile(statusFile(dataDir), JSON.stringify({ at, consumers: [views, search] }))
  return dataDir
}

test('every projection has the figures of its feed, and what waits has grown older since they were told', async () => {
  const stream = { tenant: 'acme', type: 'order', id: 'o-1' }
  await postgresParkedStreams(pool).park({ projection: 'sales', stream, version: 1, error: 'poison' })
  const answer = await statusOfProjections(pool, await written(10_000), () => 13_000)()
  if (E.isLeft(answer)) throw new Error(answer.left.code)
  const { asOf, projections } = answer.right
  expect(asOf).toBe('1970-01-01T00:00:10.000Z')
  expect(projections.map(({ name }) => name)).toEqual(PROJECTION_NAMES)
  expect(projections.find(({ name }) => name === 'sales')).toMatchObject({
    lagEvents: 0,
    lagEventsOrMore: false,
    lagSeconds: 0,
    lastError: null,
    parkedStreams: 1,
  })
  expect(projections.find(({ name }) => name === 'product-search')).toMatchObject({
    lagEvents: 7,
    lagEventsOrMore: true,
    lagSeconds: 5,
    ratePerSecond: 5,
    ratePerSecondOverMinute: 1.5,
    lastError: 'away',
    parkedStreams: 0,
  })
})

test('when the feeds tell nothing, or have not for a while, nobody claims to know the lag', async () => {
  const silent = { left: { status: 503, code: 'feeds_silent' } }
  expect(await statusOfProjections(pool, temporaryDir(), () => 0)()).toMatchObject(silent)
  expect(await statusOfProjections(pool, await written(10_000), () => 25_001)()).toMatchObject(silent)
})
