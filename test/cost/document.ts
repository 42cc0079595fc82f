import { countedTable, importTable, limitsTable, sizesTable, workTable } from './capacity-tables.ts'
import { keptTable, millionTable, monthTable, priceTable } from './cost-tables.ts'

/** The tables of docs/cost.md, as the code derives them, in its order. */
export const tables = (): ReadonlyArray<string> => [
  importTable(),
  countedTable(),
  workTable(),
  sizesTable(),
  limitsTable(),
  millionTable(),
  monthTable(),
  keptTable(),
  priceTable(),
]
