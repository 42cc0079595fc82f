import { expect, test } from 'vitest'
import { firstFailure } from '../../../infra/feeds/outcome.ts'

const numbers = ['8', '9', '10', '11']

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an object without failures', {}],
  ['null for the failures', { batchItemFailures: null }],
  ['an empty list', { batchItemFailures: [] }],
])('a handler that answers %s succeeded', (_, response) => {
  expect(firstFailure(numbers, response)).toBe(4)
})

test.each([
  ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
  ['a null identifier', { batchItemFailures: [{ itemIdentifier: null }] }],
  ['no identifier', { batchItemFailures: [{}] }],
  [
    'an unknown identifier beside a known one',
    { batchItemFailures: [{ itemIdentifier: '10' }, { itemIdentifier: '7' }] },
  ],
])('a handler that answers %s failed with the whole batch', (_, response) => {
  expect(firstFailure(numbers, response)).toBe(0)
})

test('of several failed records the first one in the batch counts', () => {
  expect(firstFailure(numbers, { batchItemFailures: [{ itemIdentifier: '11' }, { itemIdentifier: '10' }] })).toBe(2)
})
