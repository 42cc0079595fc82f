import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sizesOf } from '../../infra/aws/capacity/sizes.ts'
import { sumOf } from '../../infra/aws/cost/month.ts'
import { perCommand } from '../../infra/aws/cost/per-command.ts'
import { SEARCH_INSTANCE_HOUR } from '../../infra/aws/cost/prices.ts'
import { standing } from '../../infra/aws/cost/standing.ts'
import { tables } from './document.ts'
import { configOf } from './stage-columns.ts'

test('the tables of docs/cost.md are what the code derives', () => {
  const text = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8')
  for (const table of tables()) expect(text).toContain(`\n${table}\n`)
})

const at = (transactionsADay: number) => perCommand({ transactionsADay, peakFactor: 5 })

test('what a million commands write costs the same at any size', () => {
  const [small, large] = [at(10_000), at(10_000_000)]
  expect((small['DynamoDB, writes'] ?? 0) * 1e6).toBeCloseTo(4.37 * 0.625, 9)
  for (const item of ['API Gateway', 'WAF', 'Lambda, commands', 'DynamoDB, writes', 'DynamoDB, reads', 'EventBridge'])
    expect(large[item]).toBe(small[item])
})

test('what follows them costs less the more of them come in a batch', () => {
  const [small, middle, large] = [at(10_000), at(1_000_000), at(10_000_000)]
  for (const item of ['Lambda, feeds', 'S3, requests', 'CloudWatch, logs']) {
    expect(middle[item]).toBeLessThan(small[item] ?? 0)
    expect(large[item]).toBeLessThan(middle[item] ?? 0)
  }
})

test('a lone order costs a PUT of its part and one of the hour of its archive', () => {
  // Fewer than one come in fifteen seconds.
  expect(at(1)['S3, requests']).toBeCloseTo(2 * 0.005e-3 + 2 * 0.0004e-3, 12)
})

test('what stands there costs by the hour of each, and a standby as much as what it stands by', () => {
  const config = configOf('production')
  const { 'Aurora, capacity': aurora, 'Kinesis, shards of seven days': kinesis } = standing({
    ...config,
    databaseMinHalfUnits: 8,
    kinesisShards: 2,
  })
  expect(aurora).toBeCloseTo(4 * 2 * 730 * 0.12, 9)
  expect(kinesis).toBeCloseTo(2 * 730 * 0.035, 9)
  const alone = standing({ ...config, databaseMinHalfUnits: 8, keepsData: false })
  expect(alone['Aurora, capacity']).toBeCloseTo(4 * 730 * 0.12, 9)
})

test('every stage has a price, and sizes of its own', () => {
  for (const stage of ['dev', 'staging', 'production'] as const) {
    const config = configOf(stage)
    expect(config).toMatchObject(sizesOf(config))
    expect(SEARCH_INSTANCE_HOUR).toHaveProperty([config.searchInstance])
    expect(sumOf(standing(config))).toBeGreaterThan(0)
  }
})
