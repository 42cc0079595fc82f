import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { Asked } from '../infra/postgres/statement.ts'
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

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A `text` column that holds JSON. */
export const jsonColumn = <A>(value: t.Type<A, unknown, unknown>): t.Type<A, unknown, unknown> =>
  new t.Type(
    `Json${value.name}`,
    value.is,
    (input, context) =>
      typeof input === 'string'
        ? value.validate(parsed(input), context)
        : t.failure(input, context, 'must be JSON text'),
    value.encode,
  )

/** Rows as their codec knows them. Throws when a row does not fit: the tables and the query disagree, which is a defect. */
export const rowsOf = <A>(row: t.Decoder<unknown, A>, rows: ReadonlyArray<unknown>): ReadonlyArray<A> =>
  rows.map((input) => {
    const decoded = decode(row, input)
    if (E.isRight(decoded)) return decoded.right
    const faults = decoded.left.map(({ pointer, message }) => `${pointer} ${message}`)
    throw new TypeError(`a row of a view does not decode: ${faults.join(', ')}`)
  })

const names = new Map<string, string>()

/** A statement's name on its connection (at most 63 bytes), so that Postgres parses each text once a connection. */
const nameOf = (sql: string): string => {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = `daybook_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`
  names.set(sql, name)
  return name
}

/**
 * Runs one parametrised statement and decodes its rows. The statement is prepared under a name and stays so: `sql` is one of the
 * few texts of a query, never one made for a request.
 */
export const select = async <A>(
  asked: Asked,
  row: t.Decoder<unknown, A>,
  sql: string,
  values: ReadonlyArray<string | number | null>,
): Promise<ReadonlyArray<A>> =>
  rowsOf(row, (await asked.query({ name: nameOf(sql), text: sql, values: [...values] })).rows)

/** As `select`, for a statement that answers exactly one row, whatever the tables hold: an aggregate over all of them. */
export const selectOne = async <A>(
  asked: Asked,
  row: t.Decoder<unknown, A>,
  sql: string,
  values: ReadonlyArray<string | number | null>,
): Promise<A> => {
  const [only] = await select(asked, row, sql, values)
  if (only === undefined) throw new TypeError('a statement of one row answered none')
  return only
}

export const money = (amount: string, currency: string): Money => ({ amount, currency })
