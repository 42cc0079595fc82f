import type { Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'

/** Tells the rows of one table apart: its key's values in the table's own order. Postgres refuses text that holds a NUL. */
export const rowKeyOf = (columns: ReadonlyArray<string>): ((key: Row) => string) => {
  const [first = '', ...rest] = columns
  return (key) => {
    let text = String(key[first])
    for (const column of rest) text += `\u0000${key[column]}`
    return text
  }
}

export const keyColumns = ({ key }: Table): ReadonlyArray<string> => Object.keys(key)
export const allColumns = ({ key, columns }: Table): ReadonlyArray<string> => [
  ...Object.keys(key),
  ...Object.keys(columns),
]
