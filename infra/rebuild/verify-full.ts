import { setTimeout as sleep } from 'node:timers/promises'
import { type ClientBase, escapeIdentifier } from 'pg'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { columnIn, columnsOf, matching, names } from '../views/columns.ts'
import { buildAside } from './build-aside.ts'
import { applyRings, behindServing, type CatchUp } from './catch-up.ts'
import { type Difference, jsonOf } from './differences.ts'
import { underLock } from './lock.ts'
import { dropSchema, qualified, SERVING, schemaOf } from './shadow.ts'
import { streamsBehind } from './streams-behind.ts'
import type { RebuildDeps, Watch } from './terms.ts'

/** How long the serving view may take to apply what the event store holds already. */
const PATIENCE_MS = 30_000
const AGAIN_AFTER_MS = 200

/** Streams that the serving view holds less of than the events say, and has not parked. */
const streamsLate = async ({ model, pool, schema }: CatchUp): Promise<number> =>
  (await streamsBehind(pool, model, { ahead: schema, behind: SERVING })).length

/** Rows that differ between what was folded and what serves. A shared row that says 0 everywhere is as good as none. */
const compareTable = async (
  client: Pick<ClientBase, 'query'>,
  schema: string,
  table: Table,
  most: number,
): Promise<ReadonlyArray<Difference>> => {
  const key = columnsOf(table.key)
  const rest = columnsOf(table.columns)
  const isShared = table.rows === 'shared'
  const either = (column: string) => `coalesce(e.${column}, s.${column})`
  const first = escapeIdentifier(key[0]?.name ?? '')
  const valuesIn = (side: string) =>
    isShared
      ? names(rest, (column) => `coalesce(${side}.${column}, 0)`)
      : [`${side}.${first} IS NULL`, ...rest.map(({ name }) => `${side}.${escapeIdentifier(name)}`)].join()
  const row = (side: string) => `ROW(${valuesIn(side)})`
  const { rows } = await client.query<Omit<Difference, 'table'>>(
    `SELECT ${jsonOf(key, either)} AS key,
            CASE WHEN e.${first} IS NOT NULL THEN ${jsonOf(rest, columnIn('e'))} END AS expected,
            CASE WHEN s.${first} IS NOT NULL THEN ${jsonOf(rest, columnIn('s'))} END AS found
       FROM ${qualified(schema, table.name)} e
       FULL JOIN ${qualified(SERVING, table.name)} s
         ON (${matching('e', 's', key)})
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
      await applyRings(work, await behindServing(work))
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
  watch: Watch,
): Promise<FullVerification> =>
  underLock(deps.pool, model.name, async () => {
    const { onStep, signal } = watch
    const schema = schemaOf('verify', model.name)
    try {
      return await buildAside(deps, model, schema, { segments }, watch, async (built) => {
        onStep({ _tag: 'Verifying' })
        const deadline = performance.now() + PATIENCE_MS
        let late = await streamsLate(built)
        for (; late > 0 && performance.now() < deadline; late = await streamsLate(built)) {
          await sleep(AGAIN_AFTER_MS, undefined, { signal })
        }
        return { differences: await compare(built, most), late }
      })
    } finally {
      await dropSchema(deps.pool, schema)
    }
  })
