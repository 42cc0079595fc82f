import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mistypedKeys, typoKeys } from '../../../infra/search/typos.ts'

const finds = (typed: string, word: string): boolean => {
  const keys = new Set(typoKeys(word))
  return mistypedKeys(typed).some((key) => keys.has(key))
}

/** Optimal string alignment distance: letters more, less or changed, and neighbours swapped. */
const distance = (one: string, other: string): number => {
  const row = (at: number) => Array.from({ length: other.length + 1 }, (_, index) => (at === 0 ? index : at))
  const table = Array.from({ length: one.length + 1 }, (_, at) => row(at))
  const cell = (i: number, j: number): number => table[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= one.length; i += 1) {
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1]
      const swapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + (same ? 0 : 1))
      table[i]?.splice(j, 1, swapped ? Math.min(best, cell(i - 2, j - 2) + 1) : best)
    }
  }
  return cell(one.length, other.length)
}

/** Few letters, so that words lie close to each other; no 's', which makes plurals. */
const word = (minLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength, maxLength: 7 })

describe('keys of typos', () => {
  test('a typed word meets exactly those that lie one typo apart', () => {
    fc.assert(
      fc.property(word(4), word(1), (typed, other) => {
        fc.pre(typed !== other)
        expect(finds(typed, other)).toBe(distance(typed, other) === 1)
      }),
      { numRuns: 5000 },
    )
  })

  test('plurals meet singulars', () => {
    expect(finds('lantrn', 'lanterns')).toBe(true)
    expect(finds('lantrns', 'lantern')).toBe(true)
  })

  test('words of three letters and codes are taken literally', () => {
    expect(mistypedKeys('red')).toEqual([])
    expect(mistypedKeys('reds').some((key) => typoKeys('bed').includes(key))).toBe(false)
    expect(mistypedKeys('85123a')).toEqual([])
    expect(typoKeys('85123a')).toEqual([])
  })
})
