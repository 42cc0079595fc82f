import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesBetween } from '../../read-api/changes.ts'
import { applyChanges } from './apply-changes.ts'

const key = fc.constantFrom('a', 'b', '', 'a/b', '~', '~1', '0', 'ä')
/** Values of few keys and few leaves, so that two of them have much in common. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, '1', ''),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

describe('the changes between two values', () => {
  test('made one after the other, turn the one into the other', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(applyChanges(before, changesBetween(before, after))).toEqual(after)
      }),
      { numRuns: 2_000 },
    )
  })

  test('name what stood in each place, and are none of what is equal', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const back = changesBetween(before, after)
          .map(({ pointer, ...change }) => ({
            pointer,
            ...('to' in change && { from: change.to }),
            ...('from' in change && { to: change.from }),
          }))
          .toReversed()
        expect(applyChanges(after, back)).toEqual(before)
        expect(changesBetween(before, structuredClone(before))).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  test('go to the places that differ, of lists by position', () => {
    const before = { price: { amount: '1.00', currency: 'GBP' }, lines: [{ sku: 'a' }, { sku: 'b' }], 'x/y~': 1 }
    const after = { price: { amount: '2.00', currency: 'GBP' }, lines: [{ sku: 'b' }], 'x/y~': null, name: 'new' }
    expect(changesBetween(before, after)).toEqual([
      { pointer: '/price/amount', from: '1.00', to: '2.00' },
      { pointer: '/lines/0/sku', from: 'a', to: 'b' },
      { pointer: '/lines/1', from: { sku: 'b' } },
      { pointer: '/x~1y~0', from: 1, to: null },
      { pointer: '/name', to: 'new' },
    ])
  })

  test('of what was created are one, from null', () => {
    expect(changesBetween(null, { id: '1' })).toEqual([{ pointer: '', from: null, to: { id: '1' } }])
  })
})
