import * as t from 'io-ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { projectorPool } from '../../infra/postgres/pool.ts'
import { postgresParkedStreams } from '../../infra/views/postgres-parked.ts'
import { parkedStreams } from '../../read-api/parked-streams.ts'
import { OPERATIONS_TENANT } from '../../schemas/operations-tenant.ts'
import { askingOf, bodyAs, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { startViews, type Views } from './views.ts'

let views: Views
let pool: ReturnType<typeof projectorPool>
beforeAll(async () => {
  views = await startViews()
  pool = projectorPool(views.url)
})
afterAll(async () => {
  await pool.end()
  await views.stop()
})
beforeEach(() => views.owner.query('TRUNCATE parked_streams'))

const askAs = (tenant: string, name: string, query: { readonly [name: string]: string } = {}) =>
  askingOf([parkedStreams({ projections: ['orders', 'sales'], allTenants: pool })])('listParkedStreams', {
    tenant,
    params: { name },
    query,
  })
const ask = (name: string, query?: { readonly [name: string]: string }) => askAs(OPERATIONS_TENANT, name, query)

const park = (projection: string, tenant: string, id: string, version = 2, error = `no handler for ${id}`) =>
  postgresParkedStreams(pool).park({ projection, stream: { tenant, type: 'order', id }, version, error })

test('a parked stream is told with its error, its attempts and when it was tried last', async () => {
  await park('orders', 'acme', 'o-1')
  await park('orders', 'acme', 'o-1', 3, 'another error')
  await park('sales', 'acme', 'o-2')
  expect(bodyOf(await ask('orders'))).toEqual({
    items: [
      {
        tenant: 'acme',
        streamType: 'order',
        streamId: 'o-1',
        version: 3,
        error: 'another error',
        attempts: 2,
        parkedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ],
    nextCursor: null,
  })
})

test('pages follow one another through all tenants, each stream once, though some are tried again meanwhile', async () => {
  for (const tenant of ['umbrella', 'acme', '?']) for (const id of ['b', 'a', 'C']) await park('orders', tenant, id)
  const Page = t.type({ items: t.array(t.type({ tenant: t.string, streamId: t.string })) })
  const found: string[] = []
  let answer = await ask('orders', { limit: '2' })
  for (let page = bodyAs(Page, answer); ; page = bodyAs(Page, answer)) {
    found.push(...page.items.map(({ tenant, streamId }) => `${tenant} ${streamId}`))
    if (page.items.length < 2) break
    await park('orders', 'acme', 'a')
    answer = await ask('orders', { limit: '2', cursor: nextCursorOf(answer) })
  }
  expect(found.toSorted()).toEqual(
    ['?', 'acme', 'umbrella'].flatMap((tenant) => ['C', 'a', 'b'].map((id) => `${tenant} ${id}`)),
  )
})

test('an admin of a tenant sees what is parked of that tenant alone', async () => {
  for (const tenant of ['acme', 'beta', '?']) await park('orders', tenant, 'a')
  expect(bodyOf(await askAs('beta', 'orders'))).toMatchObject({ items: [{ tenant: 'beta' }], nextCursor: null })
  expect(bodyOf(await askAs('nobody', 'orders'))).toEqual({ items: [], nextCursor: null })
})

test('a projection that does not exist is not found', async () => {
  expect(problemOf(await ask('order'))).toMatchObject({
    status: 404,
    code: 'projection_not_found',
    detail: 'The projections are orders, sales.',
  })
})

test('a cursor is good for its projection alone, and a limit has its bounds', async () => {
  for (const id of ['a', 'b']) await park('orders', 'acme', id)
  const cursor = nextCursorOf(await ask('orders', { limit: '1' }))
  expect(problemOf(await ask('sales', { cursor }))).toMatchObject({ status: 400, code: 'invalid_cursor' })
  expect(problemOf(await ask('orders', { cursor: 'nonsense' }))).toMatchObject({ status: 400, code: 'invalid_cursor' })
  expect(problemOf(await ask('orders', { limit: '0' }))).toMatchObject({ status: 400, code: 'invalid_parameters' })
})
