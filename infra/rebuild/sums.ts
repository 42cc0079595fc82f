import Big from 'big.js'
import type { Deltas, Row } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import { copyFields, copyLine } from '../postgres/copy.ts'
import { rarityOf } from './draw.ts'
import { keyColumns } from './row-key.ts'

/** A decimal that nothing was added to yet stands as it came: most rows of a large book have one change. */
type Sum = number | string | Big

/** A row's sums so far, in the order of the table's columns. */
type Summed = { readonly sums: Sum[]; readonly rarity: number }

/** The sums of a shared table, of which every row is at hand. */
export type Sums = {
  /** Answers how rare the row is (see draw.ts). */
  readonly add: (key: Row, deltas: Deltas) => number
  readonly size: () => number
  /** The rows in COPY's text format, key first, in the table's order of columns. */
  readonly lines: () => string[]
}

const plus = (sum: Sum, delta: number | string): Sum => {
  if (sum === 0) return delta
  if (typeof delta === 'number' && typeof sum === 'number') {
    const total = sum + delta
    if (Number.isSafeInteger(total)) return total
  }
  return (typeof sum === 'object' ? sum : new Big(sum)).plus(delta)
}

export const sumsOf = (table: Table): Sums => {
  const keys = keyColumns(table)
  const columns = Object.keys(table.columns)
  // By the key as it is to be copied: rows wait here by the ten thousand.
  const rows = new Map<string, Summed>()
  const rowOf = (key: Row): Summed => {
    const id = copyFields(keys.map((column) => key[column] ?? null))
    const known = rows.get(id)
    if (known !== undefined) return known
    const fresh = { sums: columns.map(() => 0), rarity: rarityOf(id) }
    rows.set(id, fresh)
    return fresh
  }
  return {
    add: (key, deltas) => {
      const { sums, rarity } = rowOf(key)
      columns.forEach((column, nth) => {
        const delta = deltas[column]
        if (delta !== undefined) sums[nth] = plus(sums[nth] ?? 0, delta)
      })
      return rarity
    },
    size: () => rows.size,
    lines: () =>
      Array.from(rows, ([id, { sums }]) => {
        const line = copyLine(sums.map((sum) => (typeof sum === 'object' ? sum.toFixed() : sum)))
        return `${id}\t${line}`
      }),
  }
}
