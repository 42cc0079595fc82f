import * as t from 'io-ts'
import { nullable } from '../../schemas/nullable.ts'
import { DescribedType, text } from '../../schemas/text.ts'
import { choice } from '../choice.ts'
import { NumericColumn } from '../rows.ts'

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

type Column = (typeof COLUMNS)[keyof typeof COLUMNS]

/** The order of a report's rows. Ties go by key, ascending. */
export type SalesOrder = { readonly column: Column; readonly descending: boolean }

const orders: ReadonlyMap<string, SalesOrder> = new Map(
  Object.entries(COLUMNS).flatMap(
    ([name, column]): ReadonlyArray<readonly [string, SalesOrder]> => [
      [name, { column, descending: false }],
      [`-${name}`, { column, descending: true }],
    ],
  ),
)

export const Sort = new DescribedType<SalesOrder>(
  'SalesSort',
  {
    type: 'string',
    enum: [...orders.keys()],
    description:
      'A leading "-" is descending. Default: "key" for days, weeks and months, "-net" for the rest. Ties go by key; null comes before every other key.',
  },
  (input) => (typeof input === 'string' ? orders.get(input) : undefined),
  `must be one of ${Object.keys(COLUMNS).join(', ')}, with a leading "-" for descending`,
)

export const defaultOrder = (groupBy: GroupBy): SalesOrder =>
  groupBy === 'day' || groupBy === 'week' || groupBy === 'month'
    ? { column: 'key', descending: false }
    : { column: 'net', descending: true }

/** Place of the last row of a page: the value it is sorted by (`null` when that is the key itself) and its key. */
export const SalesPosition = t.tuple([nullable(NumericColumn), text(0, 200)])
export type SalesPosition = t.TypeOf<typeof SalesPosition>

/**
 * SQL of an order, over rows that have the columns `key` and all of COLUMNS. `after` is the condition that a row lies behind
 * a position ($6 its value, $7 its key; both null: everything). Column names come from the closed list above.
 */
export const orderingOf = ({ column, descending }: SalesOrder): { readonly after: string; readonly by: string } => {
  const [beyond, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC']
  if (column === 'key') {
    return { after: `$6::numeric IS NULL AND ($7::text IS NULL OR key ${beyond} $7)`, by: `key ${direction}` }
  }
  return {
    after: `($7::text IS NULL OR ${column} ${beyond} $6::numeric OR (${column} = $6::numeric AND key > $7))`,
    by: `${column} ${direction}, key`,
  }
}
