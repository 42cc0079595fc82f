import Big from 'big.js'
import type { Change, Deltas, Row } from './change.ts'

/** Changes that no order of applying could satisfy: a row is either owned by one stream or shared by many, never both. */
export class ContradictoryChanges extends Error {
  override readonly name = 'ContradictoryChanges'
}

/** Names one row of one table, whatever the order of the key's columns. */
const rowId = (table: string, key: Row): string => {
  const columns = Object.keys(key).sort()
  return JSON.stringify([table, ...columns.map((column) => key[column])])
}

const sum = (one: number | string, other: number | string): number | string => {
  if (typeof one === 'string' || typeof other === 'string') return new Big(one).plus(other).toFixed()
  const total = one + other
  if (!Number.isSafeInteger(total)) throw new ContradictoryChanges(`${one} + ${other} is not an exact integer`)
  return total
}

const sumOf = (first: Deltas, second: Deltas): Deltas => {
  const deltas: { [column: string]: number | string } = { ...first }
  for (const [column, delta] of Object.entries(second)) {
    const before = deltas[column]
    deltas[column] = before === undefined ? delta : sum(before, delta)
  }
  return deltas
}

/**
 * The one change that does what `first` and then `second` do to the same row; associative.
 * Decimals add exactly. Throws `ContradictoryChanges` when one adds to the row and the other owns it.
 */
export const merge = (first: Change, second: Change): Change => {
  if (first.op === 'add' && second.op === 'add') return { ...first, deltas: sumOf(first.deltas, second.deltas) }
  if (first.op === 'add' || second.op === 'add') {
    throw new ContradictoryChanges(`${first.op} and ${second.op} on row ${rowId(first.table, first.key)}`)
  }
  if (second.op !== 'patch') return second
  // A patch changes a row that is there; on none it does nothing.
  return first.op === 'remove' ? first : { ...first, row: { ...first.row, ...second.row } }
}

/** At most one change per row, with the effect of all in their order. */
export const mergeChanges = (changes: Iterable<Change>): ReadonlyArray<Change> => {
  const merged = new Map<string, Change>()
  for (const change of changes) {
    const id = rowId(change.table, change.key)
    const before = merged.get(id)
    merged.set(id, before === undefined ? change : merge(before, change))
  }
  return [...merged.values()]
}
