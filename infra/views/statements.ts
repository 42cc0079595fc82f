import { escapeIdentifier } from 'pg'
import type { Change, Row, Value } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { arrays, type Columns, columnsOf, matching, names, unnest } from './columns.ts'

/** One statement that writes many rows: each column's values travel as one array. */
export type Statement = { readonly text: string; readonly values: ReadonlyArray<string> }

const upsert = (
  table: Table,
  rows: ReadonlyArray<Row>,
  onConflict: (name: string) => string,
  absent: Value,
): Statement => {
  const key = columnsOf(table.key)
  const rest = columnsOf(table.columns)
  const all = [...key, ...rest]
  const name = escapeIdentifier(table.name)
  const otherwise = rest.length === 0 ? 'NOTHING' : `UPDATE SET ${names(rest, onConflict)}`
  return {
    text: `INSERT INTO ${name} AS t (${names(all)}) SELECT * FROM ${unnest(all, 'r')}
      ON CONFLICT (${names(key)}) DO ${otherwise}`,
    values: arrays(all, rows, absent),
  }
}

type Of<Op extends Change['op']> = Extract<Change, { readonly op: Op }>

const putAll = (table: Table, puts: ReadonlyArray<Of<'put'>>): Statement =>
  upsert(
    table,
    puts.map(({ key, row }) => ({ ...row, ...key })),
    (name) => `${name} = excluded.${name}`,
    null,
  )

/** Rows in one order everywhere, so that two projectors that add to the same rows never wait for each other in a circle. */
const inOneOrder = (table: Table, rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const key = Object.keys(table.key)
  return rows
    .map((row) => ({ row, rank: key.map((column) => row[column]).join('\u0000') }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .map(({ row }) => row)
}

const addAll = (table: Table, adds: ReadonlyArray<Of<'add'>>): Statement =>
  upsert(
    table,
    inOneOrder(
      table,
      adds.map(({ key, deltas }) => ({ ...deltas, ...key })),
    ),
    (name) => `${name} = t.${name} + excluded.${name}`,
    0,
  )

const removeAll = (table: Table, removals: ReadonlyArray<Of<'remove'>>): Statement => {
  const key = columnsOf(table.key)
  const rows = removals.map((removal) => removal.key)
  const text = `DELETE FROM ${escapeIdentifier(table.name)} AS t USING ${unnest(key, 'r')} WHERE ${matching('t', 'r', key)}`
  return { text, values: arrays(key, rows, null) }
}

/** `patches` set the same columns. */
const patchAlike = (table: Table, patches: ReadonlyArray<Of<'patch'>>, columns: Columns): Statement => {
  const key = columnsOf(table.key)
  const all = [...key, ...columns]
  const rows = patches.map((patch) => ({ ...patch.row, ...patch.key }))
  const text = `UPDATE ${escapeIdentifier(table.name)} AS t SET ${names(columns, (name) => `${name} = r.${name}`)}
      FROM ${unnest(all, 'r')} WHERE ${matching('t', 'r', key)}`
  return { text, values: arrays(all, rows, null) }
}

const patchAll = (table: Table, patches: ReadonlyArray<Of<'patch'>>): ReadonlyArray<Statement> => {
  const alike = Map.groupBy(patches, ({ row }) => Object.keys(row).sort().join())
  return [...alike.values()].flatMap((group) => {
    const columns = columnsOf(table.columns).filter(({ name }) => Object.hasOwn(group[0]?.row ?? {}, name))
    return columns.length === 0 ? [] : [patchAlike(table, group, columns)]
  })
}

const writing = <Op extends Change['op']>(
  changes: ReadonlyArray<Change>,
  isOp: (change: Change) => change is Of<Op>,
  statement: (changes: ReadonlyArray<Of<Op>>) => ReadonlyArray<Statement>,
): ReadonlyArray<Statement> => {
  const chosen = changes.filter(isOp)
  return chosen.length === 0 ? [] : statement(chosen)
}

/** The statements for changes of which no two concern the same row: one per operation and set of columns. */
export const statementsFor = (table: Table, changes: ReadonlyArray<Change>): ReadonlyArray<Statement> => [
  ...writing(
    changes,
    (change) => change.op === 'remove',
    (removals) => [removeAll(table, removals)],
  ),
  ...writing(
    changes,
    (change) => change.op === 'put',
    (puts) => [putAll(table, puts)],
  ),
  ...writing(
    changes,
    (change) => change.op === 'patch',
    (patches) => patchAll(table, patches),
  ),
  ...writing(
    changes,
    (change) => change.op === 'add',
    (adds) => [addAll(table, adds)],
  ),
]
