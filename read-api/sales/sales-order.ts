import type * as t from 'io-ts'
import { choice } from '../choice.ts'
import { sortBy } from '../row-order.ts'

export const GroupBy = choice('GroupBy', ['day', 'week', 'month', 'country', 'customer', 'product'])
export type GroupBy = t.TypeOf<typeof GroupBy>

/** Columns of the grouped rows, by the names that callers know. */
const COLUMNS = {
  key: 'key',
  net: 'net',
  gross: 'gross',
  credits: 'credits',
  adjustments: 'adjustments',
  units: 'units',
  invoices: 'invoices',
  creditNotes: 'credit_notes',
} as const

export const Sort = sortBy(
  'SalesSort',
  COLUMNS,
  'Default: "key" for days, weeks and months, "-net" for the rest. Ties go by key; null comes before every other key.',
)
export type SalesOrder = t.TypeOf<typeof Sort>

export const defaultOrder = (groupBy: GroupBy): SalesOrder =>
  groupBy === 'day' || groupBy === 'week' || groupBy === 'month'
    ? { column: 'key', descending: false }
    : { column: 'net', descending: true }
