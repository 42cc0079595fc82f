import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Row } from '../../projections/change.ts'
import { OrderFunnel } from '../../read-api/reports/order-funnel.ts'
import { asking, bodyOf, nextCursorOf, problemOf } from './asking.ts'
import { pagesOf } from './pages.ts'
import { startViews, type Views } from './views.ts'

let views: Views
beforeAll(async () => {
  views = await startViews()
})
afterAll(() => views.stop())

const ask = (query: { readonly [name: string]: string } = {}, tenant = 'acme') =>
  asking(views.reads)('getOrderFunnel', { tenant, query })

const funnelRow = (day: string, counts: Row, tenant = 'acme'): Row => ({
  tenant,
  day,
  placed: 0,
  cancelled: 0,
  invoiced: 0,
  credited: 0,
  ...counts,
})

beforeEach(async () => {
  await views.owner.query('TRUNCATE order_funnel')
  await views.insert('order_funnel', [
    funnelRow('2011-01-02', { placed: 5, cancelled: 1 }),
    funnelRow('2011-01-03', { invoiced: 4 }),
    // Its only invoice was voided.
    funnelRow('2011-01-04', {}),
    funnelRow('2011-01-31', { placed: 2, cancelled: 2 }),
    funnelRow('2011-02-01', { credited: 1 }),
    funnelRow('2011-01-03', { placed: 9 }, 'umbrella'),
  ])
})

const none = { placed: 0, cancelled: 0, invoiced: 0, credited: 0 }

describe('the order funnel', () => {
  test('is by day, and leaves out days of nothing', async () => {
    expect(bodyOf(await ask())).toEqual({
      rows: [
        { ...none, key: '2011-01-02', placed: 5, cancelled: 1 },
        { ...none, key: '2011-01-03', invoiced: 4 },
        { ...none, key: '2011-01-31', placed: 2, cancelled: 2 },
        { ...none, key: '2011-02-01', credited: 1 },
      ],
      total: { placed: 7, cancelled: 3, invoiced: 4, credited: 1 },
      nextCursor: null,
    })
  })

  test('is by ISO week or month when asked', async () => {
    expect(bodyOf(await ask({ groupBy: 'week' }))).toMatchObject({
      rows: [
        { key: '2010-W52', placed: 5 },
        { key: '2011-W01', invoiced: 4 },
        { key: '2011-W05', placed: 2, credited: 1 },
      ],
    })
    expect(bodyOf(await ask({ groupBy: 'month' }))).toMatchObject({
      rows: [
        { key: '2011-01', placed: 7, cancelled: 3, invoiced: 4, credited: 0 },
        { ...none, key: '2011-02', credited: 1 },
      ],
    })
  })

  test('of a period counts its days alone, in rows and total', async () => {
    expect(bodyOf(await ask({ from: '2011-01-03', to: '2011-01-31T23:59:00Z' }))).toMatchObject({
      rows: [{ key: '2011-01-03' }, { key: '2011-01-31' }],
      total: { placed: 2, cancelled: 2, invoiced: 4, credited: 0 },
    })
  })

  test('of a tenant without orders is zero', async () => {
    expect(bodyOf(await ask({}, 'nobody'))).toEqual({ rows: [], total: none, nextCursor: null })
  })

  test.each(['day', 'week', 'month'])(
    'paged by %s it has the same rows, and the same total on every page',
    async (groupBy) => {
      const [whole] = await pagesOf(asking(views.reads), 'getOrderFunnel', OrderFunnel, { query: { groupBy } })
      for (const limit of ['1', '2', '3']) {
        const pages = await pagesOf(asking(views.reads), 'getOrderFunnel', OrderFunnel, { query: { groupBy, limit } })
        expect(pages.flatMap(({ rows }) => rows)).toEqual(whole?.rows)
        expect(pages.map(({ total }) => total)).toEqual(pages.map(() => whole?.total))
        expect(pages.length).toBe(Math.ceil((whole?.rows.length ?? 0) / Number(limit)))
      }
    },
  )

  test('does not take a cursor of another grouping, or a forged one', async () => {
    const cursor = nextCursorOf(await ask({ limit: '1' }))
    expect(problemOf(await ask({ limit: '1', cursor, groupBy: 'month' }))).toMatchObject({ code: 'invalid_cursor' })
    const [seal] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify([seal, 'a\u0000b'])).toString('base64url')
    expect(problemOf(await ask({ limit: '1', cursor: forged }))).toMatchObject({ code: 'invalid_cursor' })
  })

  test.each([
    [{ groupBy: 'customer' }, '/query/groupBy'],
    [{ from: '2011-01-02', to: '2011-01-01' }, '/query/to'],
  ])('%j is refused at %s', async (query, pointer) => {
    expect(problemOf(await ask(query))).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] })
  })
})
