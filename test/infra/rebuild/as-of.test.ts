import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Commit } from '../../../infra/event-store/port.ts'
import { buildAsOf } from '../../../infra/rebuild/as-of.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { orderCancelled, orderPlaced, orderStream, unknownEvent, writableStore } from '../../projections/commits.ts'
import { expectViewsOf } from '../../projections/projector-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { depsOn, modelNamed, watch } from './rebuilding.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())

const day = (nth: number): Date => new Date(Date.UTC(2026, 0, nth))

/** Orders placed on days 1 to 10; each is cancelled five days later. */
const book = async () => {
  let now = day(1)
  const { events, append } = writableStore(() => now)
  const commits: Commit[] = []
  for (let nth = 1; nth <= 15; nth += 1) {
    now = day(nth)
    if (nth <= 10) commits.push(await append(orderStream(`o${nth}`), orderPlaced(`o${nth}`)))
    if (nth > 5) commits.push(await append(orderStream(`o${nth - 5}`), orderCancelled(`o${nth - 5}`)))
  }
  return { events, commits, append }
}

test('a view of the past holds what was committed by then, beside the one that serves', async () => {
  const { events, commits } = await book()
  for (const nth of [1, 7, 15]) {
    const moment = day(nth)
    for (const model of postgresProjections) {
      const built = await buildAsOf(depsOn(database, { commits, events }), model, moment, { segments: 2 }, watch())
      expect(built).toMatchObject({
        schema: `${model.name}_as_of_202601${String(nth).padStart(2, '0')}t000000z`,
        parked: 0,
      })
    }
    const then = commits.filter(({ time }) => time <= moment.toISOString())
    const tables = new Map(
      postgresProjections.flatMap(({ name, tables }) => tables.map((table) => [table.name, name] as const)),
    )
    await expectViewsOf(then, (table) =>
      database.rows(`${tables.get(table)}_as_of_202601${String(nth).padStart(2, '0')}t000000z.${table}`),
    )
  }
  expect(await database.rows('orders')).toEqual([])
  const { rows } = await database.owner.query('SELECT FROM rebuilds UNION ALL SELECT FROM rebuild_rings')
  expect(rows).toEqual([])
})

test('what cannot be applied is parked in there', async () => {
  const { events, commits, append } = await book()
  const odd = await append(orderStream('odd'), orderPlaced('odd'))
  const worse = await append(orderStream('odd'), unknownEvent)
  const deps = depsOn(database, { commits: [...commits, odd, worse], events })
  const built = await buildAsOf(deps, modelNamed('orders'), day(20), { segments: 2 }, watch())
  expect(built).toMatchObject({ parked: 1, rows: { orders: 11 } })
})
