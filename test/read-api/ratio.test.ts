import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ratio, ratio } from '../../read-api/ratio.ts'

test.each([
  [1, 3, '0.333333'],
  [2, 3, '0.666667'],
  [1, 2_000_000, '0.000001'],
  [1, 2_000_001, '0'],
  [7, 7, '1'],
  [0, 5, '0'],
  [12, 5, '2.4'],
])('%d of %d is %s', (part, whole, rounded) => {
  expect(ratio(part, whole)).toBe(rounded)
})

test('a ratio is the exact quotient, rounded half up once', () => {
  const count = fc.bigInt({ min: 1n, max: 2n ** 53n - 1n })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), count, (part, whole) => {
      const millionths = (2_000_000n * part + whole) / (2n * whole)
      const rounded = ratio(Number(part), Number(whole))
      const [units = '', decimals = ''] = rounded.split('.')
      expect(BigInt(units + decimals.padEnd(6, '0'))).toBe(millionths)
      expect(Ratio.is(rounded)).toBe(true)
    }),
  )
})
