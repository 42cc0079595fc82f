import { expect, test } from 'vitest'
import { type IteratorApi, iteratorSource } from '../../../infra/feeds/iterator-source.ts'

class TrimmedDataAccessException extends Error {}
class ExpiredIteratorException extends Error {
  override readonly name = 'ExpiredIteratorException'
}

const record = (number: number) => ({ sequenceNumber: String(number), arrivedAt: 0, payload: number })

/** A shard that holds the records from `oldest` to `newest`; its iterators are the number of the record before. */
const shardApi = (oldest: number, newest: number) => {
  const made: string[] = []
  const failures: Error[] = []
  const api: IteratorApi<number> = {
    identity: async () => ({ arn: 'arn', incarnation: 'arn' }),
    shards: async () => [{ shardId: 'a', parents: [] }],
    iterator: async (_, after) => {
      made.push(after ?? 'TRIM_HORIZON')
      if (after !== null && Number(after) < oldest - 1) throw new TrimmedDataAccessException('trimmed')
      return after ?? String(oldest - 1)
    },
    records: async (iterator, limit) => {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      const from = Number(iterator) + 1
      const records = [from, from + 1, from + 2].filter((number) => number <= newest).slice(0, limit)
      return { records: records.map(record), next: String(Number(iterator) + records.length) }
    },
    isTrimmed: (error) => error instanceof TrimmedDataAccessException,
  }
  const trimmed: unknown[] = []
  const source = iteratorSource(api, (shardId, after) => trimmed.push([shardId, after]))
  const numbers = async (after: string | null, limit = 3) =>
    (await source.read({ shardId: 'a', after, limit })).records.map(({ payload }) => payload)
  return { made, failures, trimmed, numbers }
}

test('reading on uses the iterator of the read before', async () => {
  const { made, numbers } = shardApi(1, 6)
  expect([await numbers(null), await numbers('3'), await numbers('6'), await numbers('6')]).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [],
    [],
  ])
  expect(made).toEqual(['TRIM_HORIZON'])
})

test('reading again from an earlier position gets a new iterator', async () => {
  const { made, numbers } = shardApi(1, 6)
  await numbers(null)
  expect(await numbers('1')).toEqual([2, 3, 4])
  expect(made).toEqual(['TRIM_HORIZON', '1'])
})

test('an expired iterator is renewed at the same position', async () => {
  const { made, failures, trimmed, numbers } = shardApi(1, 6)
  await numbers(null)
  failures.push(new ExpiredIteratorException('expired'))
  expect(await numbers('3')).toEqual([4, 5, 6])
  expect(made).toEqual(['TRIM_HORIZON', '3'])
  expect(trimmed).toEqual([])
})

test('a trimmed position reads on from the oldest record, and tells', async () => {
  const { trimmed, numbers } = shardApi(100, 110)
  expect(await numbers('5')).toEqual([100, 101, 102])
  expect(trimmed).toEqual([['a', '5']])
})

test('another failure is passed on, and the next read starts afresh', async () => {
  const { failures, trimmed, numbers } = shardApi(1, 6)
  await numbers(null)
  failures.push(new Error('away'))
  await expect(numbers('3')).rejects.toThrow('away')
  expect(await numbers('3')).toEqual([4, 5, 6])
  expect(trimmed).toEqual([])
})
