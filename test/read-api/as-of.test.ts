import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastVersion } from '../../infra/event-store/port.ts'
import { eventCodecs } from '../../projections/event-codecs.ts'
import { mergeChanges } from '../../projections/merge.ts'
import { readModel } from '../../projections/read-model.ts'
import { recordedEventsOf } from '../../projections/recorded.ts'
import { products } from '../../projections/views/products.ts'
import { stock } from '../../projections/views/stock.ts'
import { asking, bodyOf, problemOf } from './asking.ts'
import { kinds, minute, writtenBook } from './book.ts'
import { startViews, type Views } from './views.ts'

const book = await writtenBook()
const ask = asking({ events: book })

describe.each(kinds)('$name as it was', ({ name, params, code, streamType }) => {
  const asOf = (moment: string, tenant = 'acme') => ask(`get${name}`, { tenant, params, query: { asOf: moment } })
  const commits = book.commits().filter(({ stream }) => stream.type === streamType)

  test('at a version, and at the time of its commit, has that version as its ETag', async () => {
    for (const commit of commits) {
      const version = lastVersion(commit)
      const expected = { right: { headers: { ETag: `"${version}"` }, body: { version } } }
      expect(await asOf(String(version))).toMatchObject(expected)
      expect(await asOf(commit.time)).toMatchObject(expected)
      expect(await asOf(new Date(Date.parse(commit.time) + 1).toISOString())).toMatchObject(expected)
    }
  })

  test('is not found before its first event, and not by another tenant', async () => {
    const before = new Date(Date.parse(commits[0]?.time ?? '') - 1).toISOString()
    for (const moment of ['0', before]) expect(problemOf(await asOf(moment))).toMatchObject({ status: 404, code })
    expect(problemOf(await asOf('1', 'umbrella'))).toMatchObject({ status: 404, code })
  })

  test('is the newest state for whatever lies ahead', async () => {
    const newest = bodyOf(await asOf(String(commits.at(-1)?.version)))
    expect(newest).toMatchObject({ version: commits.length })
    expect(bodyOf(await asOf('99'))).toEqual(newest)
    expect(bodyOf(await asOf('2099-01-01T00:00:00Z'))).toEqual(newest)
  })

  test('needs a version or a time', async () => {
    for (const moment of ['yesterday', '-1', '1.5', '2026-02-30T00:00:00Z', '']) {
      expect(problemOf(await asOf(moment))).toMatchObject({
        status: 400,
        code: 'invalid_parameters',
        errors: [{ pointer: '/query/asOf', message: 'must be a version or an RFC 3339 time' }],
      })
    }
  })
})

describe.each(kinds.filter(({ streamType }) => !['order', 'product', 'stock'].includes(streamType)))(
  '$name as it is',
  ({ name, params }) => {
    test('is what its newest version was', async () => {
      const now = await ask(`get${name}`, { params })
      expect(bodyOf(now)).toMatchObject(params)
      expect(now).toEqual(await ask(`get${name}`, { params, query: { asOf: '99' } }))
    })
  },
)

test('a credit note tells its lines and total in positive figures', async () => {
  expect(bodyOf(await ask('getCreditNote', { params: { id: 'C536379' } }))).toEqual({
    id: 'C536379',
    orderId: null,
    customerId: null,
    country: null,
    currency: 'GBP',
    issuedAt: '2026-03-01T12:00:00.000Z',
    total: { amount: '27.5', currency: 'GBP' },
    version: 1,
    lines: [
      {
        sku: 'D',
        description: null,
        quantity: 1,
        unitPrice: { amount: '27.5', currency: 'GBP' },
        amount: { amount: '27.5', currency: 'GBP' },
      },
    ],
  })
})

test('an adjustment tells its amount with its sign', async () => {
  expect(bodyOf(await ask('getAdjustment', { params: { id: 'A563185' } }))).toEqual({
    id: 'A563185',
    customerId: null,
    country: null,
    amount: { amount: '-11062.06', currency: 'GBP' },
    reason: 'Adjust bad debt',
    bookedAt: '2026-03-01T12:00:00.000Z',
    version: 1,
  })
})

describe('a product with its stock', () => {
  const gbp = (amount: string) => ({ amount, currency: 'GBP' })
  const adjusted = (quantity: number) => ({
    path: '/v1/stock/71053/adjustments',
    body: { quantity, reason: 'counted' },
  })
  /** Minute 0: 5 pieces. 1: added. 2: 7. 3: price. 4: 4. */
  const written = writtenBook([
    adjusted(5),
    { path: '/v1/products', body: { sku: '71053', name: 'Lantern', price: gbp('3.39') } },
    adjusted(2),
    { path: '/v1/products/71053/price', body: { price: gbp('4') } },
    adjusted(-3),
  ])
  const asOf = async (moment: string) =>
    bodyOf(await asking({ events: await written })('getProduct', { params: { sku: '71053' }, query: { asOf: moment } }))

  test('shows the stock of the same time', async () => {
    expect(await asOf(minute(1))).toMatchObject({ version: 1, price: gbp('3.39'), onHand: 5 })
    expect(await asOf(minute(2))).toMatchObject({ version: 1, onHand: 7 })
    expect(await asOf(minute(3))).toMatchObject({ version: 2, price: gbp('4'), onHand: 7 })
    expect(await asOf(minute(4))).toMatchObject({ version: 2, onHand: 4 })
  })

  test('of a version shows what it had come to when the next version came; of the newest, what there is', async () => {
    expect(await asOf('1')).toMatchObject({ version: 1, onHand: 7 })
    expect(await asOf('2')).toMatchObject({ version: 2, onHand: 4 })
    expect(await asOf('99')).toMatchObject({ version: 2, onHand: 4 })
  })
})

describe('the newest state out of the events', () => {
  let views: Views
  beforeAll(async () => {
    views = await startViews()
    const models = [readModel(products), readModel(stock)]
    const changes = book.commits().flatMap((commit) => {
      const events = recordedEventsOf(eventCodecs)(commit)
      if (E.isLeft(events)) throw new Error(events.left.reason)
      const concerned = models.filter(({ streamTypes }) => streamTypes.includes(commit.stream.type))
      return events.right.flatMap((event) => concerned.flatMap(({ changesOf }) => changesOf(event)))
    })
    for (const change of mergeChanges(changes)) {
      if (change.op === 'put') await views.insert(change.table, [{ ...change.key, ...change.row }])
      if (change.op === 'add') await views.insert(change.table, [{ ...change.key, ...change.deltas }])
    }
  })
  afterAll(() => views.stop())

  test.each(['Product', 'Stock'])('is what the view answers: %s', async (name) => {
    const params = { sku: '71053' }
    const fromView = await asking(views.reads)(`get${name}`, { params })
    expect(bodyOf(fromView)).toMatchObject({ sku: '71053', onHand: -12 })
    expect(fromView).toEqual(await ask(`get${name}`, { params, query: { asOf: '99' } }))
  })
})
