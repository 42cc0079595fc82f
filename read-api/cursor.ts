import { createHash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type Problem, problem } from '../schemas/problem.ts'
import type { JsonSchema } from '../schemas/text.ts'
import { DescribedType } from '../schemas/text.ts'

/** What a cursor belongs to: the operation and its filters, in a fixed order. */
export type CursorScope = ReadonlyArray<string | number | boolean | null | undefined>

const CURSOR_SCHEMA: JsonSchema = {
  type: 'string',
  description: '`nextCursor` of the page before, asked with the same filters and order.',
}

export const Cursor = new DescribedType<string>(
  'Cursor',
  CURSOR_SCHEMA,
  (input) => (typeof input === 'string' ? input : undefined),
  'must be a cursor',
)

export const INVALID_CURSOR = { status: 400, code: 'invalid_cursor' } as const

const seal = (scope: CursorScope): string =>
  createHash('sha256')
    .update(JSON.stringify(scope.map((part) => part ?? null)))
    .digest('base64url')
    .slice(0, 12)

/** An opaque text that names the last row of a page, and the query that it is good for. */
export const encodeCursor = (scope: CursorScope, position: unknown): string =>
  Buffer.from(JSON.stringify([seal(scope), position])).toString('base64url')

const Envelope = t.tuple([t.string, t.unknown])

export const invalidCursor: Problem = problem(400, INVALID_CURSOR.code, 'The cursor is not one of this query', {
  errors: [{ pointer: '/query/cursor', message: 'must be the nextCursor of the same query' }],
})

/** Where to go on, or `undefined` for the first page; Left 400 `invalid_cursor` for garbage and for another query's cursor. */
export const decodeCursor = <A>(
  position: t.Decoder<unknown, A>,
  scope: CursorScope,
  cursor: string | undefined,
): E.Either<Problem, A | undefined> => {
  if (cursor === undefined) return E.right(undefined)
  return pipe(
    E.tryCatch((): unknown => JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')), E.toError),
    E.chainW((json) => Envelope.decode(json)),
    E.filterOrElseW(
      ([found]) => found === seal(scope),
      () => 'of another query' as const,
    ),
    E.chainW(([, found]) => position.decode(found)),
    E.mapLeft(() => invalidCursor),
  )
}

type Page<A> = { readonly items: ReadonlyArray<A>; readonly nextCursor: string | null }

/** Cuts a page of `limit` rows out of `limit + 1` or fewer that were fetched; the row too many tells that there are more. */
export const pageOf = <A>(rows: ReadonlyArray<A>, limit: number, cursorOf: (last: A) => string): Page<A> => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
