import Big from 'big.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalDecimal } from '../../schemas/money.ts'

const digits = fc.array(fc.constantFrom(...'0001234567890'), { minLength: 1, maxLength: 20 }).map((all) => all.join(''))

test('a decimal has one spelling: equal numbers are spelt alike, without exponent, trailing zeros or minus zero', () => {
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits, fc.option(digits), (sign, whole, fraction) => {
      const spelt = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`
      const canonical = canonicalDecimal(spelt)
      expect(canonical).toMatch(/^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/)
      expect(new Big(canonical).eq(spelt)).toBe(true)
    }),
  )
})

test.each([
  ['12.50', '12.5'],
  ['100', '100'],
  ['100.00', '100'],
  ['-0.00', '0'],
  ['-0', '0'],
  ['0.000100', '0.0001'],
  ['1e-7', '0.0000001'],
  ['1.5e3', '1500'],
])('%s is spelt %s', (spelt, canonical) => {
  expect(canonicalDecimal(spelt)).toBe(canonical)
})
