import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { capacityOf, ORDER } from '../../infra/aws/capacity.ts'
import { costOf } from '../../infra/aws/cost.ts'
import { capacityTable, costTable } from './document.ts'

test('the tables of docs/cost.md are what the code derives', () => {
  const text = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
  expect(text).toContain(capacityTable())
  expect(text).toContain(costTable())
})

test('a shard is added when bytes or records fill one, and the busiest second counts', () => {
  const day = 86_400 / 5
  expect(capacityOf({ ...ORDER, feedBytes: 10_000 }, 100 * day).kinesisShards).toBe(1)
  expect(capacityOf({ ...ORDER, feedBytes: 10_000 }, 101 * day).kinesisShards).toBe(2)
  expect(capacityOf({ ...ORDER, feedBytes: 1 }, 1_001 * day).kinesisShards).toBe(2)
  expect(capacityOf({ ...ORDER, writeUnits: 3 }, 1_000 * day)).toMatchObject({
    commandsPerSecond: 1_000,
    writeUnitsPerSecond: 3_000,
    partitions: 3,
    commandConcurrency: 50,
  })
})

test('what a million commands write costs the same at any size, and shards cost less the more they carry', () => {
  const [small, large] = [costOf(ORDER, 10_000), costOf(ORDER, 10_000_000)]
  expect(small['DynamoDB, writes']).toBeCloseTo(4.31 * 0.625, 9)
  expect(large['DynamoDB, writes']).toBe(small['DynamoDB, writes'])
  expect(small['Kinesis, shards']).toBeCloseTo(0.015 * 24 * 100, 9)
  expect(large['Kinesis, shards']).toBeLessThan(small['Kinesis, shards'] ?? 0)
})
