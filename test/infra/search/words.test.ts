import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WORD_LENGTH, typed } from '../../../infra/search/words.ts'

describe('what a user typed', () => {
  test('falls into words at anything but letters, digits and apostrophes', () => {
    expect(typed(' The KING’s "T-Light", 3.5cm/2 🏮').words).toEqual(['The', 'KINGs', 'T', 'Light', '3', '5cm', '2'])
    expect(typed('日本の提灯 ñandú').words).toEqual(['日本の提灯', 'ñandú'])
  })

  test('is a SKU only when all of it may be one', () => {
    expect(typed(' BANK CHARGES ').sku).toBe('BANK CHARGES')
    expect(typed('a/b').sku).toBeUndefined()
  })

  test.each([
    [1, 1],
    [3, 3],
    [4, 3],
    [5, 4],
    [10, 8],
    [11, 8],
  ])('of %i words, %i are required', (count, required) => {
    expect(typed('word '.repeat(count)).required).toBe(required)
  })

  test('is bounded, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (q) => {
        const { words, required } = typed(q)
        expect(words.length).toBeLessThanOrEqual(10)
        expect(required).toBeLessThanOrEqual(words.length)
        for (const word of words) {
          expect(word.length).toBeLessThanOrEqual(MAX_WORD_LENGTH)
          expect(word.isWellFormed()).toBe(true)
        }
      }),
    )
  })
})
