import type { Row, Value } from '../../projections/change.ts'
import type { ColumnType, Table } from '../../projections/projection.ts'
import { canonicalDecimal } from '../../schemas/money.ts'

const canonical = (value: Value, type: ColumnType): Value =>
  type === 'numeric' && value !== null ? canonicalDecimal(String(value)) : value

/** A table's rows as every store spells them: all columns (absent: 0 where rows are shared, else null), decimals without tail, sorted by key. */
export const canonicalRows = (table: Table, rows: ReadonlyArray<Row>): ReadonlyArray<Row> => {
  const absent = table.rows === 'shared' ? 0 : null
  const columns = Object.entries({ ...table.key, ...table.columns })
  const key = (row: Row): string => JSON.stringify(Object.keys(table.key).map((column) => row[column]))
  return rows
    .map((row) => Object.fromEntries(columns.map(([name, type]) => [name, canonical(row[name] ?? absent, type)])))
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}
