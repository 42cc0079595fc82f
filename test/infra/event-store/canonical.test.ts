import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { jcs, jcsOfPlain } from '../../../infra/event-store/canonical.ts'

const key = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('1', '10', '9', '01', '__proto__', 'constructor', '€', '\ud83d\ude00', '\ufb33'),
)
const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('plain'), { maxLength: 4 }),
    fc.dictionary(key, tie('plain'), { maxKeys: 6, noNullPrototype: false }),
  ),
}))

test('plain JSON is spelt as the library spells it, whatever its keys are', () => {
  fc.assert(
    fc.property(plain, (value) => {
      expect(jcsOfPlain(value)).toBe(jcs(value))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  [{ 10: 1, 9: 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
  [
    { '€': 1, '\r': 2, '\ufb33': 3, 1: 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 },
    '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
  ],
  [[{ b: -0, a: 1e21 }, 1e-7], '[{"a":1e+21,"b":0},1e-7]'],
])('%j is spelt %s', (value, text) => {
  expect(jcsOfPlain(value)).toBe(text)
})

test('the library refuses what JSON cannot carry', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 'lone \ud800', undefined])
    expect(() => jcs(value)).toThrow()
})
