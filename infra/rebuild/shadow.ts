import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { allColumns, keyColumns } from './row-key.ts'

/** Where the tables of a generation stand that does not serve: the next one, the one before, or one that will not serve any more. */
export const schemaOf = (kind: 'rebuild' | 'previous' | 'retired' | 'verify', projection: string): string =>
  `${kind}_${projection.replaceAll('-', '_')}`

export const SERVING = 'public'

/** Every table that changes hands when a generation starts to serve. */
export const tablesOf = (model: ReadModel): ReadonlyArray<string> => [
  checkpointTableOf(model.name),
  ...model.tables.map(({ name }) => name),
]

export const qualified = (schema: string, table: string): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`

/** Partial sums of a shared table, as the segments of a backfill leave them. */
export const partsOf = (table: string): string => `parts_of_${table}`

const SHAPE = `
  SELECT table_name AS name, string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' ORDER BY ordinal_position) AS shape
    FROM information_schema.columns WHERE table_schema = $1 AND table_name = ANY ($2) GROUP BY table_name`

/** Whether tables have the columns, in the given schema, that those have that serve. Tables that are missing have none. */
export const hasTodaysColumns = async (
  client: Pick<ClientBase, 'query'>,
  schema: string,
  tables: ReadonlyArray<string>,
): Promise<boolean> => {
  const shapes = async (of: string) => {
    const { rows } = await client.query<{ name: string; shape: string }>(SHAPE, [of, tables])
    return JSON.stringify(rows.toSorted((one, other) => (one.name < other.name ? -1 : 1)))
  }
  return (await shapes(schema)) === (await shapes(SERVING))
}

/** Whether a generation's tables are like those that serve; a migration may have changed these meanwhile. */
export const isOfToday = (client: Pick<ClientBase, 'query'>, schema: string, model: ReadModel): Promise<boolean> =>
  hasTodaysColumns(client, schema, tablesOf(model))

/** Where a generation that does not serve keeps the streams that it could not apply. */
export const createParked = async (client: ClientBase, schema: string): Promise<void> => {
  await client.query(
    `CREATE TABLE ${qualified(schema, 'parked_streams')} (LIKE ${qualified(SERVING, 'parked_streams')} INCLUDING ALL)`,
  )
}

/** Creates a generation's tables without indexes, which are cheaper to make in the end; drops what had that name. */
export const createShadow = async (client: ClientBase, schema: string, model: ReadModel): Promise<void> => {
  await dropSchema(client, schema)
  await client.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`)
  for (const table of tablesOf(model)) {
    await client.query(
      `CREATE TABLE ${qualified(schema, table)} (LIKE ${qualified(SERVING, table)} INCLUDING ALL EXCLUDING INDEXES)`,
    )
    await client.query(`SELECT ${SERVING}.daybook_protect_view($1::regclass)`, [qualified(schema, table)])
  }
  for (const table of model.tables.filter(({ rows }) => rows === 'shared')) {
    const columns = allColumns(table)
      .map((column) => escapeIdentifier(column))
      .join()
    await client.query(
      `CREATE TABLE ${qualified(schema, partsOf(table.name))} AS
       SELECT ${columns} FROM ${qualified(SERVING, table.name)} WITH NO DATA`,
    )
  }
  await createParked(client, schema)
}

type IndexRow = { readonly name: string; readonly definition: string; readonly key: string | null }

const INDEXES = `
  SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition, pg_get_constraintdef(c.oid) AS key
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u')
   WHERE x.indrelid = $1::regclass
     AND NOT EXISTS (
       SELECT FROM pg_index made JOIN pg_class named ON named.oid = made.indexrelid
        WHERE made.indrelid = $2::regclass AND named.relname = i.relname)
   ORDER BY x.indisprimary DESC, i.relname`

/** The same indexes and keys, under the same names, as the serving table has, as far as they are not made yet. */
const createIndexes = async (client: ClientBase, schema: string, table: string): Promise<void> => {
  const { rows } = await client.query<IndexRow>(INDEXES, [qualified(SERVING, table), qualified(schema, table)])
  for (const { name, definition, key } of rows) {
    const target = qualified(schema, table)
    await client.query(
      key === null
        ? definition.replace(/ ON (?:ONLY )?\S+ USING /, () => ` ON ${target} USING `)
        : `ALTER TABLE ${target} ADD CONSTRAINT ${escapeIdentifier(name)} ${key}`,
    )
  }
}

const isShared = ({ rows }: Table): boolean => rows === 'shared'

/** The keys of a shared table in two parts, as large as each other: one record's hash is like another's. */
export type Half = 0 | 1

const sumUp = async (client: ClientBase, schema: string, table: Table, half?: Half): Promise<void> => {
  const spell = (column: string) => escapeIdentifier(column)
  const keys = keyColumns(table).map(spell).join()
  const sums = Object.keys(table.columns).map((column) => `sum(${spell(column)})`)
  const wanted = half === undefined ? '' : `WHERE hash_record(ROW(${keys})) & 1 = ${half}`
  await client.query(
    `INSERT INTO ${qualified(schema, table.name)} (${allColumns(table).map(spell).join()})
     SELECT ${[keys, ...sums].join()} FROM ${qualified(schema, partsOf(table.name))} ${wanted} GROUP BY ${keys}`,
  )
}

/** Memory that sorting and building an index may take; a rebuild is one of few at a time. */
const WORK_MEMORY = '256MB'

const makeIndexes = async (client: ClientBase, schema: string, tables: ReadonlyArray<string>): Promise<void> => {
  await client.query(`SET LOCAL work_mem = '${WORK_MEMORY}'; SET LOCAL maintenance_work_mem = '${WORK_MEMORY}'`)
  for (const table of tables) {
    await createIndexes(client, schema, table)
    await client.query(`ANALYZE ${qualified(schema, table)}`)
  }
}

/** Makes indexes and keys of what the backfill left whole; those that are there already stay. To be called in a transaction. */
export const finishWhole = (client: ClientBase, schema: string, model: ReadModel): Promise<void> => {
  const owned = model.tables.filter((table) => !isShared(table)).map(({ name }) => name)
  return makeIndexes(client, schema, [checkpointTableOf(model.name), ...owned])
}

/** Sums up half of what the backfill left in parts, or all of it. To be called once, in a transaction. */
export const sumUpParts = async (client: ClientBase, schema: string, model: ReadModel, half?: Half): Promise<void> => {
  await client.query(`SET LOCAL work_mem = '${WORK_MEMORY}'`)
  for (const table of model.tables.filter(isShared)) await sumUp(client, schema, table, half)
}

/** Whether a half is there that a run before this one summed up. To be asked before another is begun. */
export const hasSums = async (client: ClientBase, schema: string, model: ReadModel): Promise<boolean> => {
  for (const { name } of model.tables.filter(isShared)) {
    const { rowCount } = await client.query(`SELECT FROM ${qualified(schema, name)} LIMIT 1`)
    if (rowCount === 1) return true
  }
  return false
}

/** Makes indexes and keys of what was summed up, which is in parts no more. To be called once, in a transaction. */
export const finishShared = async (client: ClientBase, schema: string, model: ReadModel): Promise<void> => {
  const shared = model.tables.filter(isShared).map(({ name }) => name)
  for (const name of shared) await client.query(`DROP TABLE ${qualified(schema, partsOf(name))}`)
  await makeIndexes(client, schema, shared)
}

/** All of it, one after the other. To be called once, in a transaction. */
export const finishShadow = async (client: ClientBase, schema: string, model: ReadModel): Promise<void> => {
  await sumUpParts(client, schema, model)
  await finishShared(client, schema, model)
  await finishWhole(client, schema, model)
}

type Queries = Pick<ClientBase | Pool, 'query'>

export const dropSchema = async (queries: Queries, schema: string): Promise<void> => {
  await queries.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`)
}

export const renameSchema = async (client: ClientBase, from: string, to: string): Promise<void> => {
  await client.query(`ALTER SCHEMA ${escapeIdentifier(from)} RENAME TO ${escapeIdentifier(to)}`)
}

/** Whether the database has this schema. */
export const hasSchema = async (queries: Queries, schema: string): Promise<boolean> => {
  const { rows } = await queries.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  return rows.length > 0
}
