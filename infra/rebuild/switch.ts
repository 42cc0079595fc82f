import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { answerRings, type CatchUp, nextRings, ringBehind } from './catch-up.ts'
import { unregister } from './register.ts'
import { createParked, dropSchema, hasSchema, qualified, renameSchema, SERVING, schemaOf, tablesOf } from './shadow.ts'
import { lockBriefly, NotNow, whenFree } from './when-free.ts'

/** Streams that may still be behind when the projectors are held up: a few milliseconds of work. */
const FEW = 25

/** The tables change places; each keeps its indexes, rights and policies. */
const changePlaces = async (client: ClientBase, model: ReadModel, schema: string): Promise<void> => {
  const previous = schemaOf('previous', model.name)
  const move = (table: string, from: string, to: string) =>
    client.query(`ALTER TABLE ${qualified(from, table)} SET SCHEMA ${escapeIdentifier(to)}`)
  for (const table of tablesOf(model)) {
    await move(table, SERVING, previous)
    await move(table, schema, SERVING)
  }
}

/** The streams that a generation could not apply come along with it, and those of the one that served go with that. */
export const exchangeParked = async (client: ClientBase, projection: string, schema: string): Promise<void> => {
  const parked = 'parked_streams'
  await client.query(
    `INSERT INTO ${qualified(schemaOf('previous', projection), parked)} SELECT * FROM ${qualified(SERVING, parked)} WHERE projection = $1`,
    [projection],
  )
  await client.query(`DELETE FROM ${qualified(SERVING, parked)} WHERE projection = $1`, [projection])
  await client.query(
    `INSERT INTO ${qualified(SERVING, parked)} SELECT * FROM ${qualified(schema, parked)} WHERE projection = $1
     ON CONFLICT DO NOTHING`,
    [projection],
  )
}

/** What serves from now on, and that nothing is being built any more. */
export const settle = async (client: ClientBase, name: string, version: number): Promise<void> => {
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
  await unregister(client, name)
}

/**
 * An empty place for what serves now, in the transaction that switches: what was there is set aside, and is there again if that fails.
 * To be removed afterwards (`dropRetired`), because that takes its time.
 */
export const makeRoom = async (client: ClientBase, projection: string): Promise<void> => {
  const previous = schemaOf('previous', projection)
  if (await hasSchema(client, previous)) await renameSchema(client, previous, schemaOf('retired', projection))
  await client.query(`CREATE SCHEMA ${escapeIdentifier(previous)}`)
  await createParked(client, previous)
  await client.query(`CREATE TABLE ${qualified(previous, 'generation')} (version integer, since timestamptz)`)
}

/** Removes what a switch has set aside; before the next one, too, because a run may have been killed between the two. */
export const dropRetired = (pool: Pool, projection: string): Promise<void> =>
  dropSchema(pool, schemaOf('retired', projection))

/** Answers the last rings while projectors wait; gives up when too many come. */
const answerLast = async (work: CatchUp): Promise<void> => {
  for (;;) {
    const left = (await nextRings(work, FEW + 1)).length
    if (left === 0) return
    if (left > FEW) throw new NotNow()
    await answerRings(work, 0)
  }
}

const attempt = async (work: CatchUp, version: number): Promise<number> => {
  const { model, schema, pool } = work
  let lockedAt = Number.NaN
  await inTransaction(pool, 'BEGIN', async (client) => {
    await makeRoom(client, model.name)
    // Projectors wait from here on, readers do not: nothing changes the serving view any more, and what was to change it has rung.
    await lockBriefly(client, qualified(SERVING, checkpointTableOf(model.name)))
    lockedAt = performance.now()
    await answerLast(work)
    // No scan came after the registration, so what a projector wrote that had not heard of it yet is known to the serving view alone.
    if (work.unscanned && (await ringBehind(work)) > 0) throw new NotNow()
    await changePlaces(client, model, schema)
    await exchangeParked(client, model.name, schema)
    await settle(client, model.name, version)
  })
  return performance.now() - lockedAt
}

/**
 * Lets a generation serve, in one transaction: its tables take the places of those that serve, which are kept for a rollback.
 * Answers for how long projectors and, at the end, readers had to wait. Rejects when the tables were never free for a moment.
 */
export const switchTo = async (work: CatchUp, version: number): Promise<number> => {
  const { pool, model } = work
  await dropRetired(pool, model.name)
  const lockedMs = await whenFree(model.name, async () => {
    await answerRings(work, FEW >> 1)
    return attempt(work, version)
  })
  await dropRetired(pool, model.name)
  return lockedMs
}
