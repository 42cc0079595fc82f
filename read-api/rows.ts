import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { ClientBase } from 'pg'
import { decode } from '../schemas/decode.ts'
import { canonicalDecimal, type Money } from '../schemas/money.ts'

const NUMERIC = /^-?[0-9]{1,60}(?:\.[0-9]{1,60})?$/

/** A `numeric` column: an exact decimal in canonical spelling, of any size that sums can reach. */
export const NumericColumn = new t.Type<string, string, unknown>(
  'NumericColumn',
  (input): input is string => typeof input === 'string' && NUMERIC.test(input),
  (input, context) =>
    typeof input === 'string' && NUMERIC.test(input) ? t.success(canonicalDecimal(input)) : t.failure(input, context),
  t.identity,
)

/** A `bigint` or integral `numeric` column. Refuses what a JSON number cannot carry exactly (beyond 2^53 - 1). */
export const IntegerColumn = new t.Type<number, number, unknown>(
  'IntegerColumn',
  (input): input is number => Number.isSafeInteger(input),
  (input, context) => {
    const value = typeof input === 'string' && NUMERIC.test(input) ? Number(input) : input
    return typeof value === 'number' && Number.isSafeInteger(value) ? t.success(value) : t.failure(input, context)
  },
  t.identity,
)

/** Rows as their codec knows them. Throws when a row does not fit: the tables and the query disagree, which is a defect. */
export const rowsOf = <A>(row: t.Decoder<unknown, A>, rows: ReadonlyArray<unknown>): ReadonlyArray<A> =>
  rows.map((input) => {
    const decoded = decode(row, input)
    if (E.isRight(decoded)) return decoded.right
    const faults = decoded.left.map(({ pointer, message }) => `${pointer} ${message}`)
    throw new TypeError(`a row of a view does not decode: ${faults.join(', ')}`)
  })

/** Runs one parametrised statement and decodes its rows. */
export const select = async <A>(
  client: ClientBase,
  row: t.Decoder<unknown, A>,
  sql: string,
  values: ReadonlyArray<string | number | null>,
): Promise<ReadonlyArray<A>> => rowsOf(row, (await client.query<object>(sql, [...values])).rows)

export const money = (amount: string, currency: string): Money => ({ amount, currency })
