import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { partitionKeyOf } from '../../../infra/event-store/keys.ts'
import { type Commit, CorruptCommit } from '../../../infra/event-store/port.ts'
import type { CommitScan } from '../../../infra/event-store/scan.ts'
import { asOfSchema, buildAsOf } from '../../../infra/rebuild/as-of.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { orderCancelled, orderPlaced, orderStream, unknownEvent, writableStore } from '../../projections/commits.ts'
import { expectViewsOf } from '../../projections/projector-under-test.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { memoryScan } from './memory-scan.ts'
import { depsOn, emptied, modelNamed, sharedByTests, watch } from './rebuilding.ts'

let database: ViewsDatabase
sharedByTests(viewsDatabase, emptied, (made) => {
  database = made
})

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
      expect(built).toMatchObject({ schema: asOfSchema(model.name, moment), parked: 0 })
    }
    const then = commits.filter(({ time }) => time <= moment.toISOString())
    const tables = new Map(
      postgresProjections.flatMap(({ name, tables }) => tables.map((table) => [table.name, name] as const)),
    )
    await expectViewsOf(then, (table) => database.rows(`${asOfSchema(tables.get(table) ?? '', moment)}.${table}`))
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

/** A scan that cannot trust one commit of a stream, whoever else can. */
const distrusting = (scan: CommitScan, corrupt: Commit): CommitScan =>
  async function* (range) {
    for await (const page of scan(range)) {
      const commits = page.commits.map((scanned) =>
        partitionKeyOf(scanned.stream) === partitionKeyOf(corrupt.stream) && scanned.version === corrupt.version
          ? { ...scanned, commit: E.left(new CorruptCommit(scanned.stream, scanned.version, 'flipped')) }
          : scanned,
      )
      yield { ...page, commits }
    }
  }

describe('a commit that cannot be trusted', () => {
  const statusOf = async (schema: string) =>
    (await database.rows(`${schema}.orders`)).filter(({ order_id }) => order_id === 'o1').map(({ status }) => status)
  const ordersAsOf = async (moment: Date, version: number) => {
    const { events, commits, append } = await book()
    commits.push(await append(orderStream('o1'), orderCancelled('o1')))
    const corrupt = commits.find(({ stream, version: of }) => stream.id === 'o1' && of === version)
    if (corrupt === undefined) throw new Error(`o1 has no version ${version}`)
    const deps = depsOn(
      database,
      { commits, events },
      {
        scan: distrusting(
          memoryScan(() => commits),
          corrupt,
        ),
      },
    )
    return buildAsOf(deps, modelNamed('orders'), moment, { segments: 2 }, watch())
  }

  test('does not matter where it came after the moment', async () => {
    const built = await ordersAsOf(day(3), 3)
    expect(built).toMatchObject({ parked: 0, rows: { orders: 3 } })
    expect(await statusOf(built.schema)).toEqual(['placed'])
  })

  test('parks its stream where nobody knows when it came, with nothing from after the moment', async () => {
    const built = await ordersAsOf(day(3), 2)
    expect(built).toMatchObject({ parked: 1, rows: { orders: 3 } })
    expect(await statusOf(built.schema)).toEqual(['placed'])
  })
})
