import { describe, expect, test } from 'vitest'
import type { Commit, StoredEvent } from '../../../infra/event-store/port.ts'
import { heal } from '../../../infra/rebuild/heal.ts'
import { RebuildRefused } from '../../../infra/rebuild/refusal.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { add, put } from '../../../projections/change.ts'
import type { ReadModel } from '../../../projections/read-model.ts'
import { orderCancelled, orderPlaced, orderStream, writableStore } from '../../projections/commits.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { depsOn, emptied, liveProjector, modelNamed, rebuilt, sharedByTests, watch } from './rebuilding.ts'

let database: ViewsDatabase
sharedByTests(viewsDatabase, emptied, (made) => {
  database = made
})

const adjusted = (sku: string, quantity: number): StoredEvent => ({
  type: 'StockAdjusted',
  schemaVersion: 1,
  data: { sku, quantity, reason: 'count' },
})

/** Stock streams 0 to 29, of two commits each; `odd` is what stream 13 gets as its second event. */
const book = async (odd: StoredEvent = adjusted('13', 2)) => {
  const { events, append } = writableStore()
  const commits: Commit[] = []
  for (let nth = 0; nth < 30; nth += 1) {
    const stream = { tenant: 'acme', type: 'stock', id: String(nth) }
    commits.push(await append(stream, adjusted(String(nth), 1)))
    commits.push(await append(stream, nth === 13 ? odd : adjusted(String(nth), 2)))
  }
  return { events, commits }
}

const levels = async () =>
  new Map((await database.rows('stock_levels')).map(({ sku, on_hand }) => [sku, on_hand] as const))

const expectedLevels = (at13: number) =>
  new Map(Array.from({ length: 30 }, (_, nth) => [String(nth), nth === 13 ? at13 : 3] as const))

const unknown: StoredEvent = { type: 'StockEvaporated', schemaVersion: 1, data: {} }
const parked = () => postgresViewStore(database.owner).parked('stock')

describe('a stream that cannot be applied', () => {
  test('keeps a rebuild from serving when the serving view has applied it', async () => {
    const { events, commits } = await book(unknown)
    await expect(rebuilt(depsOn(database, { events, commits }), modelNamed('stock'))).rejects.toThrow(
      /1 streams cannot be applied that the serving view has applied, the first: acme stock\/13 at version 2: unknown event StockEvaporated.*; mend the cause, then run the same command again to go on$/,
    )
    expect(await database.rows('stock_levels')).toEqual([])
  })

  test('is tried again by the build that mends it, when the rebuild goes on', async () => {
    const { events, commits } = await book()
    const model = modelNamed('stock')
    const stubborn: ReadModel = {
      ...model,
      changesOf: (recorded) => {
        if (recorded.streamId === '13') throw new Error('not today')
        return model.changesOf(recorded)
      },
    }
    const deps = depsOn(database, { events, commits })
    await expect(rebuilt(deps, stubborn)).rejects.toThrow('stock/13 at version 1: not today')
    await rebuilt(deps, model)
    expect(await parked()).toEqual([])
    expect(await levels()).toEqual(expectedLevels(3))
  })

  test('is parked again when it was parked, and everything else is rebuilt', async () => {
    const { events, commits } = await book(unknown)
    await liveProjector(database, events)(commits)
    await database.owner.query('UPDATE stock_levels SET on_hand = 0')
    await rebuilt(depsOn(database, { events, commits }), modelNamed('stock'))
    expect(await levels()).toEqual(expectedLevels(1))
    expect(await parked()).toMatchObject([{ stream: { id: '13' }, version: 2 }])
  })

  test('is healed alone once it can be applied, with what came while it was parked', async () => {
    const { events, commits } = await book()
    const model = modelNamed('stock')
    const stubborn: ReadModel = {
      ...model,
      changesOf: (recorded) => {
        if (recorded.streamId === '13' && recorded.version === 2) throw new Error('not today')
        return model.changesOf(recorded)
      },
    }
    await liveProjector(database, events, [stubborn])(commits)
    const stream = { tenant: 'acme', type: 'stock', id: '13' }
    const deps = depsOn(database, { events, commits })
    await expect(heal(deps, stubborn, stream)).rejects.toThrow(
      new RebuildRefused('stock cannot apply stock/13 of tenant acme from version 2 on: not today'),
    )
    expect(await parked()).toHaveLength(1)
    expect(await heal(deps, model, stream)).toEqual({ from: 1, to: 2, wasParked: true })
    expect(await parked()).toEqual([])
    expect(await levels()).toEqual(expectedLevels(3))
    expect(await heal(deps, model, stream)).toEqual({ from: 2, to: 2, wasParked: false })
    await expect(heal(deps, model, { ...stream, id: '99' })).rejects.toThrow('there is no stream stock/99')
  })

  test('whose row a constraint refuses is parked where the live projector parks it', async () => {
    const { events, append } = writableStore()
    const commits: Commit[] = []
    for (let nth = 0; nth < 30; nth += 1) {
      const total = nth === 13 ? '1000' : '1'
      commits.push(await append(orderStream(`o${nth}`), orderPlaced(`o${nth}`, { total })))
      commits.push(await append(orderStream(`o${nth}`), orderCancelled(`o${nth}`)))
    }
    await database.owner.query('ALTER TABLE orders ADD CONSTRAINT small CHECK (total < 100)')
    const seen = async () => [await database.rows('orders'), await postgresViewStore(database.owner).parked('orders')]
    await liveProjector(database, events)(commits)
    const live = await seen()
    expect(live).toMatchObject([{ length: 29 }, [{ stream: { id: 'o13' }, version: 1 }]])
    await rebuilt(depsOn(database, { events, commits }), modelNamed('orders'), { segments: 2 })
    await database.owner.query('ALTER TABLE orders DROP CONSTRAINT small')
    const [orders = [], parked] = await seen()
    expect(orders).toHaveLength(29)
    expect(parked).toEqual(live[1])
  })
})

describe('a generation that is not what the events say', () => {
  test('does not serve: a projection that folds differently every time', async () => {
    const { events, commits } = await book()
    const model = modelNamed('products')
    let told = 0
    const capricious: ReadModel = {
      ...model,
      streamTypes: ['stock'],
      changesOf: ({ tenant, streamId }) => {
        told += 1
        const row = { version: 1, status: String(told), name: '', price: '1', currency: 'GBP', images: '[]' }
        return [put('products', { tenant, sku: streamId }, row)]
      },
    }
    await expect(rebuilt(depsOn(database, { events, commits }), capricious)).rejects.toThrow(
      /of the rows that were folded again differ, the first: products \{"tenant":"acme"/,
    )
    expect(await database.rows('products')).toEqual([])
  })

  test('does not serve: sums that were changed under its hands', async () => {
    const { events, commits } = await book()
    const model = modelNamed('stock')
    const deps = depsOn(database, { events, commits })
    const copied = watch((step, stop) => step._tag === 'Read' && step.events > 0 && stop())
    await expect(rebuilt(deps, model, { segments: 1 }, copied)).rejects.toThrow('stopped')
    await database.owner.query('UPDATE rebuild_stock.parts_of_stock_levels SET on_hand = 7')
    await expect(rebuilt(deps, model, { segments: 1 })).rejects.toThrow(/stock_levels .* instead of/)
    expect(await database.rows('stock_levels')).toEqual([])
  })

  test('two streams with one row are told of, and nothing changes', async () => {
    const { events, commits } = await book()
    const model = modelNamed('products')
    const row = { version: 1, status: 'active', name: '', price: '1', currency: 'GBP', images: '[]' }
    const merged: ReadModel = {
      ...model,
      streamTypes: ['stock'],
      changesOf: ({ tenant }) => [put('products', { tenant, sku: 'one' }, row)],
    }
    await expect(rebuilt(depsOn(database, { events, commits }), merged)).rejects.toThrow(
      /its tables refuse what was folded: .*Key \(tenant, sku\)=\(acme, one\)/,
    )
    expect(await database.rows('products')).toEqual([])
  })

  test('a change that does not fit the tables leaves its stream to be parked', async () => {
    const { events, commits } = await book()
    const model = modelNamed('stock')
    const misfit: ReadModel = {
      ...model,
      changesOf: (recorded) =>
        recorded.streamId === '13' ? [add('nowhere', { tenant: 'acme' }, { n: 1 })] : model.changesOf(recorded),
    }
    await liveProjector(database, events, [misfit])(commits)
    await rebuilt(depsOn(database, { events, commits }), misfit)
    expect((await levels()).size).toBe(29)
    expect(await parked()).toMatchObject([{ stream: { id: '13' }, version: 1 }])
  })
})
