import { expect, test } from 'vitest'
import { destinationRecord } from '../../../infra/feeds/destination-record.ts'

const recordOf = (pk: string) => ({ eventID: '1', dynamodb: { Keys: { pk: { S: pk }, sk: { N: '1' } } } })
const keyOf = (pk: string): string => destinationRecord(recordOf(pk), 'pk').partitionKey

test('the Kinesis partition key is the item’s, so that a stream’s records keep their order', () => {
  expect(keyOf('acme#product#LAMP')).toBe('acme#product#LAMP')
  expect(keyOf('x'.repeat(256))).toBe('x'.repeat(256))
})

test('a key that is too long for Kinesis becomes one that fits and is still its own', () => {
  const long = 'acme#product#'.padEnd(2_048, 'x')
  expect(keyOf(long)).toMatch(/^[0-9a-f]{64}$/)
  expect(keyOf(long)).toBe(keyOf(long))
  expect(keyOf(long)).not.toBe(keyOf(`${long.slice(1)}y`))
})
