import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextRequest } from '../../../infra/feeds/put-records.ts'

const record = (partitionKey: string, bytes = 10) => ({ partitionKey, data: new Uint8Array(bytes) })
const MIB = 1024 * 1024

test('a request holds at most 500 records', () => {
  const records = Array.from({ length: 501 }, (_, index) => record(`key-${index}`))
  expect(nextRequest(records)).toEqual(records.slice(0, 500))
})

test('a request holds at most 1 MiB, partition keys included', () => {
  const records = Array.from({ length: 6 }, (_, index) => record(`key-${index}`, MIB / 4))
  expect(nextRequest(records)).toHaveLength(3)
  const exact = Array.from({ length: 6 }, (_, index) => record(`key-${index}`, MIB / 4 - 5))
  expect(nextRequest(exact)).toHaveLength(4)
})

test('a record that alone exceeds the limit goes alone', () => {
  expect(nextRequest([record('a', 2 * MIB), record('b')])).toHaveLength(1)
})

test('sending request by request keeps the order of every partition key, and sends each record once', () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 })
  fc.assert(
    fc.property(keys, (sequence) => {
      const records = sequence.map((key, index) => ({ ...record(key), index }))
      const sent: Array<(typeof records)[number]> = []
      let waiting: ReadonlyArray<(typeof records)[number]> = records
      while (waiting.length > 0) {
        const request = nextRequest(waiting)
        expect(new Set(request.map(({ partitionKey }) => partitionKey)).size).toBe(request.length)
        sent.push(...request)
        waiting = waiting.filter((each) => !request.includes(each))
      }
      const ofKey = (key: string, of: typeof records) => of.filter(({ partitionKey }) => partitionKey === key)
      for (const key of ['a', 'b', 'c', 'd']) expect(ofKey(key, sent)).toEqual(ofKey(key, records))
    }),
  )
})
