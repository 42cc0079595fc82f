import type { Pool } from 'pg'
import type { Change, Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { applyTo } from '../views/memory.ts'
import { type Difference, differingRows, unexpectedRows } from './differences.ts'
import { keyColumns, rowKeyOf } from './row-key.ts'

/** Changes applied one after the other, as plainly as it goes: what every faster way of folding has to agree with. */
const reference = (table: Table, changes: ReadonlyArray<Change>) => {
  const tables = new Map<string, Map<string, Row>>()
  const ofTable = changes.filter((change) => change.table === table.name)
  applyTo(tables, ofTable)
  const rows = [...(tables.get(table.name)?.values() ?? [])]
  const idOf = rowKeyOf(keyColumns(table))
  const there = new Set(rows.map(idOf))
  const gone = new Map(ofTable.map(({ key }) => [idOf(key), key] as const).filter(([id]) => !there.has(id)))
  return { rows, gone: [...gone.values()] }
}

/** Where tables differ from what these changes leave, which must be all that ever concerned their rows. */
export const differencesFrom = async (
  pool: Pick<Pool, 'query'>,
  schema: string,
  tables: ReadonlyArray<Table>,
  changes: ReadonlyArray<Change>,
): Promise<ReadonlyArray<Difference>> => {
  const found: Difference[] = []
  for (const table of tables) {
    const { rows, gone } = reference(table, changes)
    found.push(
      ...(await differingRows(pool, schema, table, rows)),
      ...(await unexpectedRows(pool, schema, table, gone)),
    )
  }
  return found
}
