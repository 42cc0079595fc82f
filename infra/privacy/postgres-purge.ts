import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import type { Value } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { underLock } from '../rebuild/lock.ts'
import { abandon } from '../rebuild/rollback.ts'
import { allColumns, keyColumns } from '../rebuild/row-key.ts'
import { qualified, schemaOf } from '../rebuild/shadow.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import type { Forgotten, Purged } from './erase.ts'

const SCHEMAS_WITH = `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = $1`

/** Every generation of a view that there is, whether it serves or not. */
const schemasWith = async (pool: Pool, table: string): Promise<ReadonlyArray<string>> =>
  (await pool.query<{ schema: string }>(SCHEMAS_WITH, [table])).rows.map(({ schema }) => schema)

type Statement = { readonly text: string; readonly values: ReadonlyArray<Value> }

/**
 * Gives a person's rows of a table the pseudonym. In a shared table it may have rows already, of events that were applied since the
 * key is gone: those are added to, as any event adds to them.
 */
const renaming = (schema: string, table: Table, { tenant, subject, pseudonym }: Forgotten): Statement | undefined => {
  if (table.subject === undefined) return undefined
  const named = escapeIdentifier(table.subject.column)
  const conditions = Object.entries(table.subject.where ?? {})
  const where = [
    'tenant = $1',
    `${named} = $2`,
    ...conditions.map(([column], nth) => `${escapeIdentifier(column)} = $${nth + 4}`),
  ].join(' AND ')
  const values = [tenant, subject, pseudonym, ...conditions.map(([, value]) => value)]
  const target = qualified(schema, table.name)
  if (table.rows === 'owned') return { text: `UPDATE ${target} SET ${named} = $3 WHERE ${where}`, values }
  const all = allColumns(table).map(escapeIdentifier)
  const sums = Object.keys(table.columns).map(escapeIdentifier)
  const text = `
    WITH gone AS (DELETE FROM ${target} WHERE ${where} RETURNING *)
    INSERT INTO ${target} AS t (${all.join()})
    SELECT ${all.map((column) => (column === named ? '$3' : column)).join()} FROM gone
    ON CONFLICT (${keyColumns(table).map(escapeIdentifier).join()})
    DO UPDATE SET ${sums.map((column) => `${column} = t.${column} + excluded.${column}`).join()}`
  return { text, values }
}

const changedBy = async (queries: Pick<ClientBase | Pool, 'query'>, { text, values }: Statement): Promise<number> =>
  (await queries.query(text, [...values])).rowCount ?? 0

/** Projectors wait meanwhile: none of them adds to a row that is being renamed. */
const renameIn = (pool: Pool, model: ReadModel, schema: string, forgotten: Forgotten): Promise<number> =>
  inTransaction(pool, 'BEGIN', async (client) => {
    await client.query(`LOCK TABLE ${qualified(schema, checkpointTableOf(model.name))} IN EXCLUSIVE MODE`)
    let rows = 0
    for (const table of model.tables) {
      const statement = renaming(schema, table, forgotten)
      if (statement !== undefined) rows += await changedBy(client, statement)
    }
    return rows
  })

const drop = (pool: Pool, schema: string) => pool.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`)

/** What was begun and not finished holds names in its own ways, and is begun anew. Rejects while somebody is at it. */
const dropUnfinished = async (pool: Pool, { name }: ReadModel): Promise<void> => {
  await underLock(pool, name, () => drop(pool, schemaOf('verify', name)))
  const unfinished = new Set(await schemasWith(pool, 'rebuild_book'))
  for (const schema of await schemasWith(pool, checkpointTableOf(name))) {
    if (unfinished.has(schema)) await underLock(pool, schema, () => drop(pool, schema))
  }
}

/** Why a stream is parked is told in the words of whoever refused it, which may quote the name. */
const renameInErrors = async (pool: Pool, { tenant, subject, pseudonym }: Forgotten): Promise<number> => {
  let rows = 0
  for (const schema of await schemasWith(pool, 'parked_streams')) {
    const text = `UPDATE ${qualified(schema, 'parked_streams')} SET error = replace(error, $2, $3) WHERE tenant = $1 AND strpos(error, $2) > 0`
    rows += await changedBy(pool, { text, values: [tenant, subject, pseudonym] })
  }
  return rows
}

/** A person's rows in all generations of a view. */
const purgeView = (pool: Pool, model: ReadModel, forgotten: Forgotten): Promise<number> =>
  underLock(pool, model.name, async () => {
    let rows = 0
    for (const schema of await schemasWith(pool, checkpointTableOf(model.name))) {
      rows += await renameIn(pool, model, schema, forgotten)
    }
    return rows
  })

const namesPeople = ({ tables }: ReadModel): boolean => tables.some(({ subject }) => subject !== undefined)

/** Renames people in all generations of all views, one after the other. @param pool of the tables' owner; two connections or more. */
export const purgeViews = (
  pool: Pool,
  models: ReadonlyArray<ReadModel>,
): ((forgotten: Forgotten) => Promise<Purged>) => {
  const purge = async (forgotten: Forgotten): Promise<Purged> => {
    const abandonedReplays: string[] = []
    let rows = 0
    for (const model of models.filter(namesPeople)) {
      if (await abandon({ pool }, model)) abandonedReplays.push(model.name)
      await dropUnfinished(pool, model)
      rows += await purgeView(pool, model, forgotten)
    }
    return { rows: rows + (await renameInErrors(pool, forgotten)), abandonedReplays }
  }
  let earlier: Promise<unknown> = Promise.resolve()
  return (forgotten) => {
    const mine = earlier.then(() => purge(forgotten))
    earlier = mine.catch(() => undefined)
    return mine
  }
}
