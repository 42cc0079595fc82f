import { beforeAll, describe, expect, test } from 'vitest'
import type { StreamName } from '../../infra/event-store/port.ts'
import { type Advance, RejectedChanges, type ViewStore } from '../../infra/views/port.ts'
import { add, type Change, patch, put, type Row, remove } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { canonicalRows } from '../projections/canonical-rows.ts'

export type ViewStoreUnderTest = {
  readonly store: ViewStore
  /** All rows of the tenant, in any order. */
  readonly rows: (table: Table, tenant: string) => Promise<ReadonlyArray<Row>>
}

const modelOf = (name: string) => {
  const model = postgresProjections.find((one) => one.name === name)
  const table = model?.tables[0]
  if (model === undefined || table === undefined) throw new Error(`no projection ${name}`)
  return { model, table }
}
const { model: products, table: productsTable } = modelOf('products')
const { model: baskets, table: basketsTable } = modelOf('baskets')
const { model: sales, table: salesTable } = modelOf('sales')

const lamp: Row = {
  version: 1,
  status: 'active',
  name: 'Lamp "X", {a\\b}, NULL',
  category: null,
  price: '2.55',
  currency: 'GBP',
  images: '["https://images.example/a,b.jpg","https://images.example/it\'s"]',
  discontinuation_reason: null,
}

const advance = (stream: StreamName, from: number, to: number): Advance => ({ stream, from, to })

let tenants = 0
const freshTenant = (): string => {
  tenants += 1
  return `tenant-${tenants}`
}

/** What every view store keeps. `open` answers a store that no other test uses. */
export const viewStoreContract = (name: string, open: () => Promise<ViewStoreUnderTest>): void => {
  describe(`the view store ${name}`, () => {
    let views: ViewStoreUnderTest
    beforeAll(async () => {
      views = await open()
    })
    const stream = (tenant: string, id: string, type = 'product'): StreamName => ({ tenant, type, id })
    const commit = (advances: ReadonlyArray<Advance>, changes: ReadonlyArray<Change>) =>
      views.store.commit({ projection: products, advances, changes })
    const productRows = async (tenant: string) => canonicalRows(productsTable, await views.rows(productsTable, tenant))

    test('a projection has nothing of a stream that it never saw', async () => {
      const tenant = freshTenant()
      expect(await views.store.progress('products', [stream(tenant, 'a'), stream(tenant, 'b')])).toEqual([
        { checkpoint: 0, parked: false },
        { checkpoint: 0, parked: false },
      ])
    })

    test('progress is answered in the order of the question, per projection, type and case of the id', async () => {
      const tenant = freshTenant()
      await commit([advance(stream(tenant, 'b'), 0, 2), advance(stream(tenant, 'a'), 0, 5)], [])
      await commit([advance(stream(tenant, 'b'), 2, 3)], [])
      const asked = [stream(tenant, 'a'), stream(tenant, 'A'), stream(tenant, 'b'), stream(tenant, 'b', 'order')]
      const progress = await views.store.progress('products', asked)
      expect(progress.map(({ checkpoint }) => checkpoint)).toEqual([5, 0, 3, 0])
      expect(await views.store.progress('sales', asked)).toEqual(asked.map(() => ({ checkpoint: 0, parked: false })))
    })

    test('rows come back as they were put, patched, and are gone when removed', async () => {
      const tenant = freshTenant()
      const key = (sku: string) => ({ tenant, sku })
      await commit(
        [advance(stream(tenant, 'a'), 0, 1), advance(stream(tenant, 'b'), 0, 1)],
        [put('products', key('a'), lamp), put('products', key('b'), lamp), put('products', key('c'), lamp)],
      )
      await commit(
        [advance(stream(tenant, 'a'), 1, 3)],
        [
          patch('products', key('a'), { version: 2, price: '3' }),
          patch('products', key('a'), { version: 3, category: '' }),
          patch('products', key('absent'), { version: 9 }),
          patch('products', key('b'), { name: 'B' }),
          remove('products', key('c')),
        ],
      )
      expect(await productRows(tenant)).toEqual([
        { ...lamp, ...key('a'), version: 3, price: '3', category: '' },
        { ...lamp, ...key('b'), name: 'B' },
      ])
    })

    test('a row put again is replaced whole, in one commit or in two', async () => {
      const tenant = freshTenant()
      const first = put('products', { tenant, sku: 'a' }, { ...lamp, category: 'Light', discontinuation_reason: 'old' })
      const { category: _, discontinuation_reason: __, ...rest } = lamp
      const second = put('products', { tenant, sku: 'a' }, { ...rest, version: 2 })
      const expected = [{ ...lamp, tenant, sku: 'a', version: 2 }]
      await commit([advance(stream(tenant, 'a'), 0, 2)], [first, second])
      expect(await productRows(tenant)).toEqual(expected)
      await commit([advance(stream(tenant, 'a'), 2, 3)], [first])
      await commit([advance(stream(tenant, 'a'), 3, 4)], [remove('products', first.key), second])
      expect(await productRows(tenant)).toEqual(expected)
    })

    test('a row that is nothing but its key is there once, however often it was put', async () => {
      const tenant = freshTenant()
      const key = { tenant, order_id: '1', sku: 'a' }
      const order = stream(tenant, '1', 'order')
      const again = { projection: baskets, changes: [put('baskets', key, {})] }
      await views.store.commit({ ...again, advances: [advance(order, 0, 1)] })
      await views.store.commit({ ...again, advances: [advance(order, 1, 2)] })
      expect(await views.rows(basketsTable, tenant)).toEqual([key])
    })

    test('deltas add up exactly, within a commit and across commits', async () => {
      const tenant = freshTenant()
      const key = { tenant, dimension: 'day', currency: 'GBP', day: '2011-06-30', key: '' }
      const deltas = { invoices: 1, units: 3, gross: '0.1' }
      const many = Array.from({ length: 10 }, () => add('sales', key, deltas))
      const document = stream(tenant, '1', 'order')
      await views.store.commit({ projection: sales, advances: [advance(document, 0, 1)], changes: many })
      const later = [add('sales', key, { gross: '-0.000000000000000001', credits: '-7.5' })]
      await views.store.commit({ projection: sales, advances: [advance(document, 1, 2)], changes: later })
      expect(canonicalRows(salesTable, await views.rows(salesTable, tenant))).toEqual([
        {
          ...key,
          invoices: 10,
          credit_notes: 0,
          bookings: 0,
          units: '30',
          gross: '0.999999999999999999',
          credits: '-7.5',
          adjustments: '0',
        },
      ])
    })

    test('an advance from elsewhere than the checkpoint has raced, and nothing of its commit is written', async () => {
      const tenant = freshTenant()
      const [a, b] = [stream(tenant, 'a'), stream(tenant, 'b')]
      const change = put('products', { tenant, sku: 'a' }, lamp)
      expect(await commit([advance(a, 0, 2)], [])).toBe('committed')
      expect(await commit([advance(a, 0, 2)], [change])).toBe('raced')
      expect(await commit([advance(b, 0, 1), advance(a, 1, 3)], [change])).toBe('raced')
      expect(await commit([advance(b, 1, 2)], [change])).toBe('raced')
      const progress = await views.store.progress('products', [a, b])
      expect(progress.map(({ checkpoint }) => checkpoint)).toEqual([2, 0])
      expect(await productRows(tenant)).toEqual([])
    })

    test('of many commits that start from one checkpoint exactly one is written', async () => {
      const tenant = freshTenant()
      const key = { tenant, dimension: 'day', currency: 'GBP', day: '2011-06-30', key: '' }
      const racing = Array.from({ length: 8 }, () =>
        views.store.commit({
          projection: sales,
          advances: [advance(stream(tenant, '1', 'order'), 0, 1)],
          changes: [add('sales', key, { invoices: 1 })],
        }),
      )
      const outcomes = await Promise.all(racing)
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
      expect(await views.rows(salesTable, tenant)).toMatchObject([{ invoices: 1 }])
    })

    test.each([
      ['another table', put('orders', { tenant: 't', order_id: 'a' }, {})],
      ['another column', put('products', { tenant: 't', sku: 'a' }, { ...lamp, colour: 'red' })],
      ['half a key', patch('products', { tenant: 't' }, { name: 'B' })],
      ['another key', remove('products', { tenant: 't', name: 'a' })],
      ['a sum where a row is owned', add('products', { tenant: 't', sku: 'a' }, { version: 1 })],
    ])('changes of %s than the projection has are rejected, and nothing is written', async (_, change) => {
      const tenant = freshTenant()
      const good = put('products', { tenant, sku: 'good' }, lamp)
      await expect(commit([advance(stream(tenant, 'a'), 0, 1)], [good, change])).rejects.toThrow(RejectedChanges)
      expect(await productRows(tenant)).toEqual([])
      expect(await views.store.progress('products', [stream(tenant, 'a')])).toEqual([{ checkpoint: 0, parked: false }])
    })

    test('a parked stream is known as parked in its projection until it is let go; attempts are counted', async () => {
      const tenant = freshTenant()
      const parked = { projection: 'products', stream: stream(tenant, 'a'), version: 3, error: 'unknown event\u0000' }
      await views.store.park(parked)
      await views.store.park({ ...parked, version: 4, error: 'still unknown' })
      const asked = [stream(tenant, 'b'), stream(tenant, 'a')]
      expect(await views.store.areParked('products', asked)).toEqual([false, true])
      expect(await views.store.areParked('sales', asked)).toEqual([false, false])
      expect((await views.store.progress('products', asked)).map((progress) => progress.parked)).toEqual([false, true])
      const ofTenant = (await views.store.parked('products')).filter((one) => one.stream.tenant === tenant)
      expect(ofTenant).toEqual([{ ...parked, version: 4, error: 'still unknown', attempts: 2 }])
      expect(await views.store.unpark('products', stream(tenant, 'a'))).toBe(true)
      expect(await views.store.unpark('products', stream(tenant, 'a'))).toBe(false)
      expect(await views.store.areParked('products', asked)).toEqual([false, false])
    })

    test('an empty question has an empty answer', async () => {
      expect(await views.store.progress('products', [])).toEqual([])
      expect(await views.store.areParked('products', [])).toEqual([])
    })
  })
}
