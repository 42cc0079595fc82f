import { type ClientBase, escapeIdentifier, escapeLiteral, type Pool } from 'pg'
import type { Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { arrays, type Columns, columnIn, columnsOf, names, unnest } from '../views/columns.ts'
import { qualified } from './shadow.ts'

/** A row of a view that is not what the events say. `expected: null`: it should not be there; `found: null`: it is missing. */
export type Difference = {
  readonly table: string
  readonly key: Row
  readonly expected: Row | null
  readonly found: Row | null
}

type Queries = Pick<ClientBase | Pool, 'query'>

const spelt = (columns: Columns, side: string): string => names(columns, columnIn(side))

type Found = { readonly key: Row; readonly expected: Row; readonly found: Row | null }

/** Decimals as text: as numbers of JSON they would be rounded. */
const inJson = (column: string, type: string): string => (type === 'numeric' ? `${column}::text` : column)

/** A row's columns as JSON. @param spell a column, already escaped. */
export const jsonOf = (columns: Columns, spell: (column: string) => string): string =>
  `json_build_object(${columns.map(({ name, type }) => `${escapeLiteral(name)}, ${inJson(spell(escapeIdentifier(name)), type)}`).join()})`

/** Rows of a view's table, in the given schema, that are not as expected, told as Postgres spells their values in JSON. */
export const differingRows = async (
  queries: Queries,
  schema: string,
  table: Table,
  expected: ReadonlyArray<Row>,
): Promise<ReadonlyArray<Difference>> => {
  if (expected.length === 0) return []
  const key = columnsOf(table.key)
  const rest = columnsOf(table.columns)
  const all = [...key, ...rest]
  const absent = table.rows === 'shared' ? 0 : null
  const missing = `t.${escapeIdentifier(key[0]?.name ?? '')} IS NULL`
  const differs = rest.length === 0 ? '' : ` OR ROW(${spelt(rest, 't')}) IS DISTINCT FROM ROW(${spelt(rest, 'e')})`
  const { rows } = await queries.query<Found>(
    `SELECT ${jsonOf(key, columnIn('e'))} AS key, ${jsonOf(rest, columnIn('e'))} AS expected,
            CASE WHEN ${missing} THEN NULL ELSE ${jsonOf(rest, columnIn('t'))} END AS found
       FROM ${unnest(all, 'e')}
       LEFT JOIN ${qualified(schema, table.name)} t ON (${spelt(key, 't')}) = (${spelt(key, 'e')})
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
  const key = columnsOf(table.key)
  const rest = columnsOf(table.columns)
  const { rows } = await queries.query<{ key: Row; found: Row }>(
    `SELECT ${jsonOf(key, columnIn('t'))} AS key, ${jsonOf(rest, columnIn('t'))} AS found
       FROM ${unnest(key, 'e')} JOIN ${qualified(schema, table.name)} t ON (${spelt(key, 't')}) = (${spelt(key, 'e')})`,
    arrays(key, keys, null),
  )
  return rows.map((row) => ({ table: table.name, expected: null, ...row }))
}
