import { escapeIdentifier } from 'pg'
import type { Row, Value } from '../../projections/change.ts'
import { arrayLiteral } from '../postgres/array-literal.ts'

export type Columns = ReadonlyArray<{ readonly name: string; readonly type: string }>

export const columnsOf = (types: { readonly [column: string]: string }): Columns =>
  Object.entries(types).map(([name, type]) => ({ name, type }))

/** A list for SQL. */
export const names = (columns: Columns, spell = (name: string) => name): string =>
  columns.map(({ name }) => spell(escapeIdentifier(name))).join(', ')

/** A column of what goes by an alias. @param column already escaped. */
export const columnIn = (alias: string) => (column: string) => `${alias}.${column}`

/** That a key is the same in two tables that go by these aliases. */
export const matching = (one: string, other: string, key: Columns): string =>
  names(key, (column) => `${one}.${column} = ${other}.${column}`).replaceAll(', ', ' AND ')

/** Rows from parameters, one array a column (see `arrays`). */
export const unnest = (columns: Columns, alias: string): string =>
  `unnest(${columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')}) AS ${alias} (${names(columns)})`

/** The parameters that `unnest` asks for. */
export const arrays = (columns: Columns, rows: ReadonlyArray<Row>, absent: Value): string[] =>
  columns.map(({ name }) => arrayLiteral(rows.map((row) => row[name] ?? absent)))
