import type { Change } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { RejectedChanges } from './port.ts'

type Named = { readonly [column: string]: unknown }

const namesWithin = (given: Named, known: Named): boolean => {
  for (const column in given) if (!Object.hasOwn(known, column)) return false
  return true
}

const misfit = (change: Change, table: Table | undefined): string | undefined => {
  if (table === undefined) return 'the projection has no such table'
  if ((change.op === 'add') !== (table.rows === 'shared')) return `its rows are ${table.rows}`
  const keyFits = namesWithin(change.key, table.key) && namesWithin(table.key, change.key)
  if (!keyFits) return 'the key names other columns'
  const values = change.op === 'add' ? change.deltas : change.op === 'remove' ? {} : change.row
  return namesWithin(values, table.columns) ? undefined : 'it names an unknown column'
}

/** Throws `RejectedChanges` at a change that the projection's tables cannot take; `put` may leave columns out (null). */
export const assertFitting = (tables: ReadonlyArray<Table>, changes: ReadonlyArray<Change>): void => {
  for (const change of changes) {
    const table = tables.find(({ name }) => name === change.table)
    const reason = misfit(change, table)
    if (reason !== undefined) throw new RejectedChanges(`${change.op} on ${change.table}: ${reason}`)
  }
}
