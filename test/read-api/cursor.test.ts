import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor, pageOf } from '../../read-api/cursor.ts'

const Position = t.tuple([t.string, t.number])
const scope = fc.array(fc.option(fc.oneof(fc.string(), fc.boolean()), { nil: undefined }), { maxLength: 4 })

test('a cursor gives back the position that it was made of, for the same query', () => {
  fc.assert(
    fc.property(scope, fc.string({ unit: 'binary' }), fc.integer(), (query, text, number) => {
      fc.pre(text.isWellFormed())
      const cursor = encodeCursor(query, [text, number])
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(decodeCursor(Position, query, cursor)).toEqual(E.right([text, number]))
    }),
  )
})

test('a cursor of another query is refused', () => {
  fc.assert(
    fc.property(scope, scope, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other))
      expect(decodeCursor(Position, other, encodeCursor(one, ['a', 1]))).toMatchObject({
        left: { status: 400, code: 'invalid_cursor', errors: [{ pointer: '/query/cursor' }] },
      })
    }),
  )
})

test('garbage is refused as a cursor', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (garbage) => {
        expect(decodeCursor(Position, ['q'], garbage)).toMatchObject({ left: { code: 'invalid_cursor' } })
      },
    ),
  )
})

test('a position of another shape is refused as a cursor', () => {
  expect(decodeCursor(Position, ['q'], encodeCursor(['q'], ['a', 'b']))).toMatchObject({
    left: { code: 'invalid_cursor' },
  })
})

test('without a cursor the page is the first', () => {
  expect(decodeCursor(Position, ['q'], undefined)).toEqual(E.right(undefined))
})

test('only a page that leaves rows behind has a next cursor', () => {
  expect(pageOf(['a', 'b', 'c'], 2, (last) => `after ${last}`)).toEqual({ items: ['a', 'b'], nextCursor: 'after b' })
  expect(pageOf(['a', 'b'], 2, (last) => `after ${last}`)).toEqual({ items: ['a', 'b'], nextCursor: null })
  expect(pageOf([], 2, String)).toEqual({ items: [], nextCursor: null })
})
