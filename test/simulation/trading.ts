import { join } from 'node:path'
import { expect } from 'vitest'
import { mintToken } from '../../infra/cli/instance.ts'
import { readingStore } from '../../infra/composition/event-store.ts'
import { dynamoDbClient } from '../../infra/dynamodb-client.ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { composeApi } from '../../infra/local/compose-api.ts'
import { startPostgres } from '../../infra/local/engines/postgres.ts'
import { localStore } from '../../infra/local/event-store.ts'
import { productSearch } from '../../infra/local/product-search.ts'
import { silentLogger } from '../../infra/log/logger.ts'
import { projectorPool } from '../../infra/postgres/pool.ts'
import { postgresParkedStreams } from '../../infra/views/postgres-parked.ts'
import type { Row } from '../../projections/change.ts'
import { forkFeeds } from '../infra/feeds/feeds-child.ts'
import { eventually } from '../infra/feeds/mapping-under-test.ts'
import { expectAllOf, realEngines } from './real-engines.ts'
import { makeIndexWithoutCategories } from './real-opensearch.ts'

const TENANT = 'acme'

/** The API in this process and the feeds in another, on engines of their own, of which Postgres can be stopped. */
export const startTrading = async () => {
  const engines = await realEngines()
  const postgresOptions = {
    dataDir: join(engines.directory, 'postgres'),
    logFile: join(engines.directory, 'postgres.log'),
  }
  if (engines.proxy) await makeIndexWithoutCategories(engines.proxy.url)
  let postgres = await startPostgres(postgresOptions)
  const settings = { ...engines.settings, postgresUrl: postgres.url }
  const api = await composeApi(settings, silentLogger)
  const caller = { tenant: TENANT, subject: 'tester', roles: ['admin' as const] }
  const token = await mintToken(settings.dataDir, caller, 3_600)
  const pool = projectorPool(settings.postgresUrl)
  const search = productSearch(settings, pool)
  const parked = postgresParkedStreams(pool)
  const client = dynamoDbClient(settings.dynamodbEndpoint)
  const written: Array<{ readonly type: string; readonly id: string }> = []

  const post = async (path: string, body: object): Promise<number> => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const request = new Request(`http://127.0.0.1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await api.fetch(request)).status
  }
  const commits = async (): Promise<ReadonlyArray<Commit>> => {
    const events = readingStore(localStore(client, settings.dataDir))
    const streams = written.map(({ type, id }) =>
      Array.fromAsync(events.read({ tenant: TENANT, type, id }), ({ commit }) => commit),
    )
    return (await Promise.all(streams)).flat()
  }
  const rows = async (table: string): Promise<ReadonlyArray<Row>> =>
    (await pool.query<Row>(`SELECT * FROM ${table}`)).rows
  return {
    proxy: engines.proxy,
    parked,
    startFeeds: () => forkFeeds(settings),
    /** Places an order and adds a product; both are accepted. */
    trade: async (id: string): Promise<void> => {
      const price = { amount: '2.5', currency: 'GBP' }
      const lines = [{ sku: id, quantity: 3, unitPrice: price }]
      written.push({ type: 'product', id }, { type: 'order', id })
      expect(await post('/v1/products', { sku: id, name: `Lamp ${id}`, price })).toBe(201)
      expect(await post('/v1/orders', { orderId: id, currency: 'GBP', lines })).toBe(201)
    },
    addCategorised: (sku: string): Promise<number> =>
      post('/v1/products', { sku, name: 'Lamp', category: 'Light', price: { amount: '1', currency: 'GBP' } }),
    /** What `GET /health/ready` says. */
    health: async (): Promise<string> => {
      const answer = await api.fetch(new Request('http://127.0.0.1/health/ready'))
      const { detail, status }: { detail?: string; status: string } = JSON.parse(await answer.text())
      return detail ?? String(status)
    },
    stopPostgres: () => postgres.stop(),
    startPostgres: async () => {
      postgres = await startPostgres({ ...postgresOptions, port: postgres.port })
    },
    /** Views and search are the fold of all that was accepted, after a while. */
    expectCaughtUp: async (): Promise<void> => {
      const all = await commits()
      const check = () => expectAllOf(all, rows, search, parked)
      await eventually(
        () =>
          check().then(
            () => true,
            () => false,
          ),
        60_000,
      ).catch(() => {})
      await check()
    },
    close: async () => {
      await Promise.all([search.close(), api.close(), pool.end()])
      client.destroy()
      await postgres.stop()
      await engines.close()
    },
  }
}
export type Trading = Awaited<ReturnType<typeof startTrading>>
