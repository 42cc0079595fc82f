import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import { dynamoEventStore } from '../../infra/event-store/dynamo.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { systemStamp } from '../../infra/event-store/stamp.ts'
import { productSearch } from '../../infra/local/product-search.ts'
import { EVENT_TABLE_NAME } from '../../infra/names.ts'
import { postgresParkedStreams } from '../../infra/views/postgres-parked.ts'
import { forkFeeds } from '../infra/feeds/feeds-child.ts'
import { eventually } from '../infra/feeds/mapping-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../infra/postgres/views-database.ts'
import { commandHistories } from '../projections/event-histories.ts'
import { expectAllOf, type RealEngines, realEngines } from './real-engines.ts'
import { runWriter } from './writers.ts'

const KILLS = 8
const WRITERS = 2

let engines: RealEngines
let database: ViewsDatabase
beforeAll(async () => {
  ;[engines, database] = await Promise.all([realEngines(), viewsDatabase()])
})
afterAll(async () => {
  await database.close()
  await engines.close()
})

/** Writes history after history, each in a tenant of its own, until it is told to stop. */
const writing = async (writer: number, seed: number, signal: AbortSignal, onStored: (commit: Commit) => void) => {
  const client = dynamoDbClient(engines.settings.dynamodbEndpoint)
  const store = dynamoEventStore({ client, table: EVENT_TABLE_NAME, ...systemStamp() })
  for (let round = 0; !signal.aborted; round += 1) {
    const [commands = []] = fc.sample(commandHistories(30), { numRuns: 1, seed: seed + WRITERS * round + writer })
    await runWriter(store, `w${writer}-${round}`, commands, (_, effect) => effect(), onStored)
    await pause(100)
  }
  client.destroy()
}

test('feeds that are killed again and again while writers append lose nothing and double nothing', async () => {
  const seed = randomInt(2 ** 31)
  const settings = { ...engines.settings, postgresUrl: database.url }
  const commits: Commit[] = []
  const stop = new AbortController()
  const writers = Array.from({ length: WRITERS }, (_, writer) =>
    writing(writer, seed, stop.signal, (commit) => commits.push(commit)),
  )
  const viewed = async (): Promise<number> => (await database.rows('orders')).length
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = await viewed()
    const feeds = forkFeeds(settings)
    // Every other time in the middle of its work, else whenever.
    if (kill % 2 === 0) await eventually(async () => (await viewed()) > before, 60_000)
    await pause(randomInt(kill % 2 === 0 ? 100 : 2_000))
    await feeds.kill()
  }
  stop.abort()
  await Promise.all(writers)
  forkFeeds(settings)
  const search = productSearch(settings, database.projector)
  const check = () => expectAllOf(commits, database.rows, search, postgresParkedStreams(database.projector))
  const isSo = () =>
    check().then(
      () => true,
      () => false,
    )
  await eventually(isSo, 60_000).catch(() => {})
  expect(commits.length, `seed ${seed}`).toBeGreaterThan(100)
  await check()
  await search.close()
}, 180_000)
