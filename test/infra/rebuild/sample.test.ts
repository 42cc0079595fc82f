import { expect, test } from 'vitest'
import type { Commit } from '../../../infra/event-store/port.ts'
import { add } from '../../../projections/change.ts'
import type { ReadModel } from '../../../projections/read-model.ts'
import { writableStore } from '../../projections/commits.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { depsOn, emptied, modelNamed, rebuilt, sharedByTests, watch } from './rebuilding.ts'

let database: ViewsDatabase
sharedByTests(viewsDatabase, emptied, (made) => {
  database = made
})

const STREAMS = 60
const EVENTS = 500
const ROWS = 64

/** 30,000 changes of rows that all streams share. */
const book = async () => {
  const { events, append } = writableStore()
  const adjusted = { type: 'StockAdjusted', schemaVersion: 1, data: { sku: 'x', quantity: 1, reason: 'count' } }
  const happened = Array.from({ length: EVENTS }, () => adjusted)
  const commits: Commit[] = []
  for (let nth = 0; nth < STREAMS; nth += 1) {
    commits.push(await append({ tenant: 'acme', type: 'stock', id: String(nth) }, ...happened))
  }
  return { events, commits }
}

const shared: ReadModel = {
  ...modelNamed('stock'),
  changesOf: ({ tenant, streamId, version }) => [
    add('stock_levels', { tenant, sku: `shelf ${(Number(streamId) + version) % ROWS}` }, { version: 1, on_hand: 1 }),
  ],
}

type Kept = { readonly rarity: number; readonly all: number; readonly whole: number }

test('a sample of shared rows stays small where the event table is said to be empty, and has all changes of its rows', async () => {
  const deps = depsOn(database, await book(), { size: 0 })
  const copied = watch((step, stop) => step._tag === 'Read' && step.events > 0 && stop())
  await expect(rebuilt(deps, shared, { segments: 20 }, copied)).rejects.toThrow('stopped')
  const verified = watch((step, stop) => step._tag === 'Verifying' && stop())
  await expect(rebuilt(deps, shared, {}, verified)).rejects.toThrow('stopped')
  const { rows } = await database.owner.query<Kept>(
    `SELECT max(b.rarity) AS rarity, count(*)::int AS all, count(*) FILTER (WHERE d.rarity >= b.rarity)::int AS whole
       FROM rebuild_stock.rebuild_drawn d CROSS JOIN rebuild_stock.rebuild_book b`,
  )
  const [kept = { rarity: 0, all: 0, whole: 0 }] = rows
  expect(kept.rarity).toBeGreaterThan(0)
  expect(kept.all).toBeGreaterThan(kept.whole)
  expect(kept.whole).toBeGreaterThan(0)
  expect(kept.whole).toBeLessThanOrEqual(20_000)
  await rebuilt(deps, shared)
  const levels = await database.rows('stock_levels')
  expect(levels).toHaveLength(ROWS)
  expect(levels.reduce((sum, { on_hand }) => sum + Number(on_hand), 0)).toBe(STREAMS * EVENTS)
})
