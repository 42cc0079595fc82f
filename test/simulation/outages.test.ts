import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { productSearch } from '../../projections/views/product-search.ts'
import { opensearchUrl } from '../engines/engines.ts'
import { eventually } from '../infra/feeds/mapping-under-test.ts'
import { breakIndex, mendIndex } from './real-opensearch.ts'
import { startTrading, type Trading } from './trading.ts'

/** How long an engine is away, in milliseconds. It waits for the most part. */
const AWAY_MS = { postgres: 20_000, opensearch: 3_000 }

let daybook: Trading
let traded = 0
beforeAll(async () => {
  daybook = await startTrading()
})
afterAll(() => daybook.close())

/** Commands are accepted, one after the other, for so long. */
const tradeFor = async (ms: number): Promise<void> => {
  for (const end = performance.now() + ms; performance.now() < end; await pause(250)) {
    traded += 1
    await daybook.trade(`${traded}`)
  }
}

const untilHealthSays = (what: string): Promise<void> => expect.poll(daybook.health, { timeout: 30_000 }).toBe(what)

test('Postgres is stopped and comes back: commands are accepted all the while, and the views catch up by themselves', async () => {
  daybook.startFeeds()
  await tradeFor(1_000)
  await untilHealthSays('ready')
  await daybook.stopPostgres()
  const [down] = await Promise.all([daybook.health(), tradeFor(AWAY_MS.postgres)])
  expect(down).toBe(daybook.proxy ? 'Down: postgres' : 'Down: postgres, search')
  await daybook.startPostgres()
  await daybook.expectCaughtUp()
  await untilHealthSays('ready')
}, 180_000)

describe.runIf(opensearchUrl() !== null)('OpenSearch', () => {
  const url = (): string => daybook.proxy?.url ?? ''
  const answer = (status: number | null): void => daybook.proxy?.answer(status)

  test('asks for less (429), then its index is red: commands are accepted all the while, and search catches up by itself', async () => {
    daybook.startFeeds()
    await untilHealthSays('ready')
    answer(429)
    await Promise.all([untilHealthSays('Down: search'), tradeFor(AWAY_MS.opensearch)])
    answer(null)
    await daybook.expectCaughtUp()

    await breakIndex(url())
    await Promise.all([untilHealthSays('Down: search'), tradeFor(AWAY_MS.opensearch)]).finally(() => mendIndex(url()))
    await daybook.expectCaughtUp()
    await untilHealthSays('ready')
  }, 180_000)

  test('rejects a document for its mapping: that stream is parked alone', async () => {
    daybook.startFeeds()
    expect(await daybook.addCategorised('rejected')).toBe(201)
    await tradeFor(500)
    const parked = () => daybook.parked.parked(productSearch.name)
    await eventually(async () => (await parked()).length > 0)
    expect(await parked()).toMatchObject([
      { stream: { type: 'product', id: 'rejected' }, version: 1, error: expect.stringContaining('category') },
    ])
  }, 180_000)
})
