import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { partitionKeyOf } from '../../../infra/event-store/keys.ts'
import type { Commit } from '../../../infra/event-store/port.ts'
import { purgeViews } from '../../../infra/privacy/postgres-purge.ts'
import { underLock } from '../../../infra/rebuild/lock.ts'
import { RebuildRefused } from '../../../infra/rebuild/refusal.ts'
import { hasSchema } from '../../../infra/rebuild/shadow.ts'
import { postgresViewStore } from '../../../infra/views/postgres.ts'
import { personalData } from '../../../projections/event-codecs.ts'
import type { PostgresProjectorDeps } from '../../../projections/postgres-projector.ts'
import { postgresProjections } from '../../../projections/registry.ts'
import { commandHistories, type History, historyOf } from '../../projections/event-histories.ts'
import { expectViewsOf, projectorOf } from '../../projections/projector-under-test.ts'
import { eventOf } from '../../projections/stream-records.ts'
import { type ViewsDatabase, viewsDatabase } from '../postgres/views-database.ts'
import { depsOn, emptied, liveProjector, modelNamed, rebuilt, watch } from '../rebuild/rebuilding.ts'

let database: ViewsDatabase
beforeAll(async () => {
  database = await viewsDatabase()
})
afterAll(() => database.close())
beforeEach(() => emptied(database))

const FORGOTTEN = { tenant: 'acme', subject: '17850', pseudonym: 'erased-0123456789abcdef' }

const rows = (table: string) => database.rows(table)
const purge = () => purgeViews(database.owner, postgresProjections)(FORGOTTEN)

/** The same history, of which the person's events read as they do once the key is destroyed. */
const asForgotten = (commits: ReadonlyArray<Commit>): ReadonlyArray<Commit> =>
  commits.map((commit) => ({
    ...commit,
    events: commit.events.map((event) => {
      const data: { readonly [field: string]: unknown } = Object(event.data)
      const field = personalData.get(event.type)?.subject ?? ''
      const isForgotten = commit.stream.tenant === FORGOTTEN.tenant && data[field] === FORGOTTEN.subject
      return isForgotten ? { ...event, data: { ...data, [field]: FORGOTTEN.pseudonym } } : event
    }),
  }))

const book = async (): Promise<History> => {
  const [steps = []] = fc.sample(commandHistories(80, 60), { numRuns: 1, seed: 11 })
  return historyOf(steps)
}

test('a purged view is what the events say once the key is destroyed, also where it had begun to say so', async () => {
  await fc.assert(
    fc.asyncProperty(commandHistories(60), fc.integer({ min: 0, max: 60 }), async (steps, known) => {
      await emptied(database)
      const { commits, events } = await historyOf(steps)
      const deliver = async (some: ReadonlyArray<Commit>, open: NonNullable<PostgresProjectorDeps['open']>) => {
        const project = projectorOf({ views: postgresViewStore(database.projector), events, open })
        expect(await project(eventOf(some))).toEqual({ batchItemFailures: [] })
      }
      await deliver(commits.slice(0, known), async (sealed) => sealed)
      await deliver(commits.slice(known), async (sealed) => asForgotten(sealed))
      const [before, after] = [commits.slice(0, known), commits.slice(known)]
      // What was placed under the name and cancelled under the pseudonym adds to one and takes from the other, until the purge.
      const begun = new Set(before.map(({ stream }) => partitionKeyOf(stream)))
      const crossing = after.some(({ stream }) => begun.has(partitionKeyOf(stream)))
      if (!crossing) await expectViewsOf([...before, ...asForgotten(after)], rows)
      await purge()
      await expectViewsOf(asForgotten(commits), rows)
      expect((await purge()).rows).toBe(0)
    }),
    { numRuns: 25, endOnFailure: true },
  )
})

describe('a purge', () => {
  test('reaches the generation that served before, and views of moments in the past', async () => {
    const { commits, events } = await book()
    await liveProjector(database, events)(commits)
    for (const model of postgresProjections) await rebuilt(depsOn(database, { commits, events }), model)
    const named = async () => {
      const { rows } = await database.owner.query<{ table_schema: string; table_name: string; text: string }>(
        `SELECT table_schema, table_name, query_to_xml(format('SELECT * FROM %I.%I WHERE tenant = %L', table_schema, table_name, 'acme'), true, true, '')::text AS text
           FROM information_schema.tables t
          WHERE table_schema NOT LIKE 'pg_%' AND EXISTS (SELECT FROM information_schema.columns c
            WHERE (c.table_schema, c.table_name, c.column_name) = (t.table_schema, t.table_name, 'tenant'))`,
      )
      return rows.filter(({ text }) => text.includes(FORGOTTEN.subject)).map((row) => row.table_schema)
    }
    expect(new Set(await named())).toContain('previous_sales')
    await purge()
    expect(await named()).toEqual([])
    await expectViewsOf(asForgotten(commits), rows)
  })

  test('drops what a replay has left unfinished, and says so', async () => {
    const { commits, events } = await book()
    const stopped = watch((step, stop) => step._tag === 'Verifying' && stop())
    await rebuilt(depsOn(database, { commits, events }), modelNamed('sales'), {}, stopped).catch(() => {})
    expect(await hasSchema(database.owner, 'rebuild_sales')).toBe(true)
    expect((await purge()).abandonedReplays).toEqual(['sales'])
    expect(await hasSchema(database.owner, 'rebuild_sales')).toBe(false)
  })

  test('is refused while a replay runs, which may have read the name before', async () => {
    await underLock(database.owner, 'sales', () => expect(purge()).rejects.toThrow(RebuildRefused))
  })

  test('leaves no name in the reasons why streams are parked', async () => {
    await database.owner.query(
      `INSERT INTO parked_streams (projection, tenant, stream_type, stream_id, version, error, attempts)
       VALUES ('sales', 'acme', 'order', '1', 1, 'customer 17850 is odd', 1), ('sales', 'beta', 'order', '1', 1, '17850', 1)`,
    )
    expect((await purge()).rows).toBe(1)
    const errors = (await rows('parked_streams')).map(({ error }) => error)
    expect(errors.toSorted()).toEqual(['17850', 'customer erased-0123456789abcdef is odd'])
  })

  test('of several people at once does one after the other', async () => {
    const { commits, events } = await book()
    await liveProjector(database, events)(commits)
    const forget = purgeViews(database.owner, postgresProjections)
    const done = await Promise.all(['17850', '13047'].map((subject) => forget({ ...FORGOTTEN, subject })))
    expect(done.every(({ rows }) => rows > 0)).toBe(true)
  })
})
