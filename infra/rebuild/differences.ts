import { type ClientBase, escapeIdentifier, escapeLiteral, type Pool } from 'pg'
import type { Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'
import { qualified } from './shadow.ts'

/** A row of a view that is not what the events say. `expected: null`: it should not be there; `found: null`: it is missing. */
export type Difference = {
  readonly table: string
  readonly key: Row
  readonly expected: Row | null
  readonly found: Row | null
}

type Queries = Pick<ClientBase | Pool, 'query'>

type Columns = ReadonlyArray<readonly [name: string, type: string]>

const arrays = (columns: Columns, rows: ReadonlyArray<Row>, absent: 0 | null): string[] =>
  columns.map(([name]) => arrayLiteral(rows.map((row) => row[name] ?? absent)))

const spelt = (columns: Columns, prefix: string): string =>
  columns.map(([name]) => `${prefix}${escapeIdentifier(name)}`).join()

const unnest = (columns: Columns): string =>
  `unnest(${columns.map(([, type], nth) => `$${nth + 1}::${type}[]`).join()}) AS e (${spelt(columns, '')})`

type Found = { readonly key: Row; readonly expected: Row; readonly found: Row | null }

/** Decimals as text: as numbers of JSON they would be rounded. */
const inJson = (column: string, type: string): string => (type === 'numeric' ? `${column}::text` : column)

/** Arguments of `json_build_object` for these columns of a row. */
export const pairs = (columns: Columns, prefix: string): string =>
  columns.map(([name, type]) => `${escapeLiteral(name)}, ${inJson(`${prefix}${escapeIdentifier(name)}`, type)}`).join()

/** Rows of a view's table, in the given schema, that are not as expected, told as Postgres spells their values in JSON. */
export const differingRows = async (
  queries: Queries,
  schema: string,
  table: Table,
  expected: ReadonlyArray<Row>,
): Promise<ReadonlyArray<Difference>> => {
  if (expected.length === 0) return []
  const key = Object.entries(table.key)
  const rest = Object.entries(table.columns)
  const all = [...key, ...rest]
  const absent = table.rows === 'shared' ? 0 : null
  const missing = `t.${escapeIdentifier(key[0]?.[0] ?? '')} IS NULL`
  const differs = rest.length === 0 ? '' : ` OR ROW(${spelt(rest, 't.')}) IS DISTINCT FROM ROW(${spelt(rest, 'e.')})`
  const { rows } = await queries.query<Found>(
    `SELECT json_build_object(${pairs(key, 'e.')}) AS key, json_build_object(${pairs(rest, 'e.')}) AS expected,
            CASE WHEN ${missing} THEN NULL ELSE json_build_object(${pairs(rest, 't.')}) END AS found
       FROM ${unnest(all)}
       LEFT JOIN ${qualified(schema, table.name)} t ON (${spelt(key, 't.')}) = (${spelt(key, 'e.')})
      WHERE ${missing}${differs}`,
    arrays(all, expected, absent),
  )
  return rows.map((row) => ({ table: table.name, ...row }))
}

/** Rows that are there although none of these keys should be. */
export const unexpectedRows = async (
  queries: Queries,
  schema: string,
  table: Table,
  keys: ReadonlyArray<Row>,
): Promise<ReadonlyArray<Difference>> => {
  if (keys.length === 0) return []
  const key = Object.entries(table.key)
  const rest = Object.entries(table.columns)
  const { rows } = await queries.query<{ key: Row; found: Row }>(
    `SELECT json_build_object(${pairs(key, 't.')}) AS key, json_build_object(${pairs(rest, 't.')}) AS found
       FROM ${unnest(key)} JOIN ${qualified(schema, table.name)} t ON (${spelt(key, 't.')}) = (${spelt(key, 'e.')})`,
    arrays(key, keys, null),
  )
  return rows.map((row) => ({ table: table.name, expected: null, ...row }))
}
