import { type ClientBase, escapeIdentifier } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { answerRings, type CatchUp, nextRings } from './catch-up.ts'
import { qualified, SERVING, schemaOf, tablesOf } from './shadow.ts'

/** Longer than this nobody waits behind the switch; then it lets go, and tries again a moment later. */
const LOCK_TIMEOUT_MS = 40

/** Streams that may still be behind when the projectors are held up: a few milliseconds of work. */
const FEW = 25

const ATTEMPTS = 200
const PAUSE_MS = 25

/** PostgreSQL, appendix A: lock_not_available. */
const LOCK_NOT_AVAILABLE = '55P03'

/** `busy`: somebody had a table longer than we wanted to wait. `behind`: too much has come in at the last moment. */
type Attempt = { readonly _tag: 'Switched'; readonly lockedMs: number } | { readonly _tag: 'Busy' | 'Behind' }

class NotNow extends Error {}

/** The tables change places; each keeps its indexes, rights and policies. */
const changePlaces = async (client: ClientBase, model: ReadModel, schema: string): Promise<void> => {
  const previous = schemaOf('previous', model.name)
  const move = (table: string, from: string, to: string) =>
    client.query(`ALTER TABLE ${qualified(from, table)} SET SCHEMA ${escapeIdentifier(to)}`)
  for (const table of tablesOf(model)) {
    await move(table, SERVING, previous)
    await move(table, schema, SERVING)
  }
  const parked = 'parked_streams'
  await client.query(
    `INSERT INTO ${qualified(previous, parked)} SELECT * FROM ${qualified(SERVING, parked)} WHERE projection = $1`,
    [model.name],
  )
  await client.query(`DELETE FROM ${qualified(SERVING, parked)} WHERE projection = $1`, [model.name])
  await client.query(
    `INSERT INTO ${qualified(SERVING, parked)} SELECT * FROM ${qualified(schema, parked)} WHERE projection = $1`,
    [model.name],
  )
}

/** What serves from now on, and that nothing is being built any more. */
const settle = async (client: ClientBase, { name }: ReadModel, version: number): Promise<void> => {
  const previous = schemaOf('previous', name)
  await client.query(
    `INSERT INTO ${qualified(previous, 'generation')} SELECT version, since FROM serving_projections WHERE projection = $1`,
    [name],
  )
  await client.query(
    `INSERT INTO serving_projections (projection, version) VALUES ($1, $2)
     ON CONFLICT (projection) DO UPDATE SET version = excluded.version, since = now()`,
    [name, version],
  )
  await client.query('DELETE FROM rebuilds WHERE projection = $1', [name])
  await client.query('DELETE FROM rebuild_rings WHERE projection = $1', [name])
}

/** An empty place for what serves now. What was there before goes; that takes its time, so it is done before any lock. */
const makeRoom = async ({ pool, model }: CatchUp): Promise<void> => {
  const previous = schemaOf('previous', model.name)
  await inTransaction(pool, 'BEGIN', async (client) => {
    await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(previous)} CASCADE`)
    await client.query(`CREATE SCHEMA ${escapeIdentifier(previous)}`)
    await client.query(
      `CREATE TABLE ${qualified(previous, 'parked_streams')} (LIKE ${qualified(SERVING, 'parked_streams')} INCLUDING ALL)`,
    )
    await client.query(`CREATE TABLE ${qualified(previous, 'generation')} (version integer, since timestamptz)`)
  })
}

/** Answers the last rings while projectors wait; gives up when too many come. */
const answerLast = async (work: CatchUp): Promise<void> => {
  for (;;) {
    const left = (await nextRings(work, FEW + 1)).length
    if (left === 0) return
    if (left > FEW) throw new NotNow()
    await answerRings(work, 0)
  }
}

const attempt = async (work: CatchUp, version: number): Promise<Attempt> => {
  const { model, pool, schema } = work
  let lockedAt = Number.NaN
  try {
    await inTransaction(pool, 'BEGIN', async (client) => {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
      // Projectors wait from here on, readers do not: nothing changes the serving view any more, and what was to change it has rung.
      await client.query(`LOCK TABLE ${qualified(SERVING, checkpointTableOf(model.name))} IN EXCLUSIVE MODE`)
      lockedAt = performance.now()
      await answerLast(work)
      await changePlaces(client, model, schema)
      await settle(client, model, version)
    })
    return { _tag: 'Switched', lockedMs: performance.now() - lockedAt }
  } catch (error) {
    if (error instanceof NotNow) return { _tag: 'Behind' }
    if (error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return { _tag: 'Busy' }
    throw error
  }
}

/**
 * Lets a generation serve, in one transaction: its tables take the places of those that serve, which are kept for a rollback.
 * Answers for how long projectors and, at the end, readers had to wait. Rejects when the tables were never free for a moment.
 */
export const switchTo = async (work: CatchUp, version: number): Promise<number> => {
  await makeRoom(work)
  for (let tried = 0; tried < ATTEMPTS; tried += 1) {
    await answerRings(work, FEW >> 1)
    const outcome = await attempt(work, version)
    if (outcome._tag === 'Switched') return outcome.lockedMs
    await new Promise((resume) => setTimeout(resume, PAUSE_MS))
  }
  throw new Error(
    `${work.model.name} was not switched: its tables were in use or changing in every of ${ATTEMPTS} moments that were tried; the rebuild is kept, so run the same command again to go on`,
  )
}
