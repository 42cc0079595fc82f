import { setTimeout as sleep } from 'node:timers/promises'
import { type ClientBase, escapeIdentifier } from 'pg'
import { project } from '../../projections/project.ts'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { backfill } from './backfill.ts'
import { createBooks, readSegments } from './books.ts'
import { type CatchUp, streamsBehind } from './catch-up.ts'
import { type Difference, pairs } from './differences.ts'
import { nothingDrawn } from './draw.ts'
import { followerOf } from './follow.ts'
import { underLock } from './lock.ts'
import type { Ring } from './port.ts'
import { keyColumns } from './row-key.ts'
import { createShadow, dropSchema, finishShadow, qualified, SERVING, schemaOf } from './shadow.ts'
import type { RebuildDeps, Watch } from './terms.ts'

/** How long the serving view may take to apply what the event store holds already. */
const PATIENCE_MS = 30_000
const AGAIN_AFTER_MS = 200

/** Streams that the serving view holds less of than the events say, and has not parked. */
const streamsLate = async ({ model, pool, schema }: CatchUp): Promise<number> => {
  const table = checkpointTableOf(model.name)
  const { rows } = await pool.query<{ count: string | number }>(
    `SELECT count(*) AS count
       FROM ${qualified(schema, table)} n
       LEFT JOIN ${qualified(SERVING, table)} s ON (n.tenant, n.stream_type, n.stream_id) = (s.tenant, s.stream_type, s.stream_id)
      WHERE coalesce(s.version, 0) < n.version
        AND NOT EXISTS (
          SELECT FROM ${qualified(SERVING, 'parked_streams')} p
           WHERE p.projection = $1 AND (p.tenant, p.stream_type, p.stream_id) = (n.tenant, n.stream_type, n.stream_id))`,
    [model.name],
  )
  return Number(rows[0]?.count ?? 0)
}

const bringLevel = async (work: CatchUp): Promise<void> => {
  const behind = await streamsBehind(work)
  const doorbells = behind.map((ring) => ({ ...ring, commits: [] }))
  await project(work.deps, work.model, doorbells, work.decode)
}

/** Rows that differ between what was folded and what serves. A shared row that says 0 everywhere is as good as none. */
const compareTable = async (
  client: Pick<ClientBase, 'query'>,
  schema: string,
  table: Table,
  most: number,
): Promise<ReadonlyArray<Difference>> => {
  const keys = keyColumns(table)
  const rest = Object.entries(table.columns)
  const value = (side: string) => (column: string) =>
    table.rows === 'shared' ? `coalesce(${side}.${escapeIdentifier(column)}, 0)` : `${side}.${escapeIdentifier(column)}`
  const first = escapeIdentifier(keys[0] ?? '')
  const isThere = (side: string) => (table.rows === 'shared' ? [] : [`${side}.${first} IS NULL`])
  const row = (side: string) => `ROW(${[...isThere(side), ...rest.map(([column]) => column).map(value(side))].join()})`
  const both = keys.map(
    (column) => `'${column}', coalesce(e.${escapeIdentifier(column)}, s.${escapeIdentifier(column)})`,
  )
  const { rows } = await client.query<Omit<Difference, 'table'>>(
    `SELECT json_build_object(${both.join()}) AS key,
            CASE WHEN e.${first} IS NOT NULL THEN json_build_object(${pairs(rest, 'e.')}) END AS expected,
            CASE WHEN s.${first} IS NOT NULL THEN json_build_object(${pairs(rest, 's.')}) END AS found
       FROM ${qualified(schema, table.name)} e
       FULL JOIN ${qualified(SERVING, table.name)} s
         ON (${keys.map((column) => `e.${escapeIdentifier(column)} = s.${escapeIdentifier(column)}`).join(' AND ')})
      WHERE ${row('e')} IS DISTINCT FROM ${row('s')} LIMIT $1`,
    [most],
  )
  return rows.map((each) => ({ table: table.name, ...each }))
}

/**
 * Brings the fold to exactly what the serving view holds, while projectors wait, and lets them go as soon as a snapshot is taken of both;
 * compares in that snapshot.
 */
const compare = async (work: CatchUp, most: number): Promise<ReadonlyArray<Difference>> => {
  const { pool, model, schema } = work
  const snapshot = await pool.connect()
  try {
    await inTransaction(pool, 'BEGIN', async (locking) => {
      await locking.query(`LOCK TABLE ${qualified(SERVING, checkpointTableOf(model.name))} IN EXCLUSIVE MODE`)
      await bringLevel(work)
      await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      await snapshot.query('SELECT 1')
    })
    const differences: Difference[] = []
    for (const table of model.tables) differences.push(...(await compareTable(snapshot, schema, table, most)))
    await snapshot.query('COMMIT')
    return differences
  } finally {
    // A transaction that was not ended ends with the connection.
    snapshot.release(true)
  }
}

export type FullVerification = {
  readonly differences: ReadonlyArray<Difference>
  /** Streams whose events the serving view had not applied after half a minute. */
  readonly late: number
}

/**
 * Folds all events into tables beside the serving ones, and compares every row. At most `most` differences of each table are told.
 * What serves is not changed; projectors wait for a moment. Rejects with `RebuildRefused` while a replay of the projection runs.
 */
export const verifyFull = (
  deps: RebuildDeps,
  model: ReadModel,
  segments: number,
  most: number,
  { onStep, signal }: Watch,
): Promise<FullVerification> =>
  underLock(deps.pool, model.name, async () => {
    const { pool } = deps
    const schema = schemaOf('verify', model.name)
    await inTransaction(pool, 'BEGIN', async (client) => {
      await createShadow(client, schema, model)
      const book = { version: model.version, origin: 'events', phase: 'copying' } as const
      await createBooks(client, schema, { ...book, segments })
    })
    const { work, close } = followerOf(deps, model, schema, signal)
    try {
      onStep({ _tag: 'Begun', resumed: false, segments })
      const left: Ring[] = []
      const onProgress = (items: number, events: number) => onStep({ _tag: 'Read', items, events })
      const leave = async (_: unknown, rings: ReadonlyArray<Ring>) => void left.push(...rings)
      const filling = { ...deps, model, schema, segments, draw: nothingDrawn, leave, onProgress, signal }
      await backfill(filling, await readSegments(pool, schema))
      signal.throwIfAborted()
      onStep({ _tag: 'Indexing' })
      await inTransaction(pool, 'BEGIN', (client) => finishShadow(client, schema, model))
      await project(
        work.deps,
        model,
        left.map((ring) => ({ ...ring, commits: [] })),
        work.decode,
      )
      onStep({ _tag: 'Verifying' })
      const deadline = performance.now() + PATIENCE_MS
      let late = await streamsLate(work)
      for (; late > 0 && performance.now() < deadline; late = await streamsLate(work)) {
        await sleep(AGAIN_AFTER_MS, undefined, { signal })
      }
      return { differences: await compare(work, most), late }
    } finally {
      await close()
      await dropSchema(pool, schema)
    }
  })
