import * as t from 'io-ts'
import { nullable } from '../schemas/nullable.ts'
import { DescribedType, text } from '../schemas/text.ts'
import { NumericColumn } from './rows.ts'

/** The order of a report's rows, by a column of theirs; `key` names a row. Ties go by key, ascending. */
export type RowOrder<Column extends string> = { readonly column: Column; readonly descending: boolean }

/** `sort` of a report. @param columns columns of its rows, by the names that callers know: numbers, and the text `key`. */
export const sortBy = <Column extends string>(
  name: string,
  columns: { readonly [known: string]: Column },
  description: string,
): DescribedType<RowOrder<Column>> => {
  const orders: ReadonlyMap<string, RowOrder<Column>> = new Map(
    Object.entries(columns).flatMap(
      ([known, column]): ReadonlyArray<readonly [string, RowOrder<Column>]> => [
        [known, { column, descending: false }],
        [`-${known}`, { column, descending: true }],
      ],
    ),
  )
  return new DescribedType(
    name,
    { type: 'string', enum: [...orders.keys()], description: `A leading "-" is descending. ${description}` },
    (input) => (typeof input === 'string' ? orders.get(input) : undefined),
    `must be one of ${Object.keys(columns).join(', ')}, with a leading "-" for descending`,
  )
}

/** Place of the last row of a page: the value it is sorted by (`null` when that is the key itself) and its key. */
export const RowPosition = t.tuple([nullable(NumericColumn), text(0, 200)])
export type RowPosition = t.TypeOf<typeof RowPosition>

export const positionOf = <Column extends string>(
  row: { readonly key: string } & { readonly [column in Column]: string | number },
  { column }: RowOrder<Column>,
): RowPosition => (column === 'key' ? [null, row.key] : [String(row[column]), row.key])

/**
 * SQL of an order. `after` is the condition that a row lies behind a position, whose value and key are the parameters named (both
 * null: everything). Column names come from the closed list that `sortBy` was given.
 */
export const orderingOf = (
  { column, descending }: RowOrder<string>,
  [value, key]: readonly [value: string, key: string],
): { readonly after: string; readonly by: string } => {
  const [beyond, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC']
  if (column === 'key') {
    return {
      after: `${value}::numeric IS NULL AND (${key}::text IS NULL OR key ${beyond} ${key})`,
      by: `key ${direction}`,
    }
  }
  const tied = `${column} = ${value}::numeric AND key > ${key}`
  return {
    after: `(${key}::text IS NULL OR ${column} ${beyond} ${value}::numeric OR (${tied}))`,
    by: `${column} ${direction}, key`,
  }
}
