import { describe, expect, test } from 'vitest'
import { BUSINESS_METRICS } from '../../../infra/metrics/business.ts'
import type { MetricDefinition } from '../../../infra/metrics/definition.ts'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { prometheusName } from '../../../infra/metrics/prometheus.ts'

const all: ReadonlyArray<MetricDefinition> = [...Object.values(METRICS), ...Object.values(BUSINESS_METRICS)]

describe('what is measured', () => {
  test('has one name each, in CloudWatch and in Prometheus', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(new Set(all.map(prometheusName)).size).toBe(all.length)
    expect(all.filter((metric) => !/^daybook_[a-z_]+$/.test(prometheusName(metric)))).toEqual([])
  })

  test('is told apart by dimensions that are no names of other metrics', () => {
    const names = new Set(all.map(({ name }) => name))
    expect(all.flatMap(({ dimensions }) => dimensions).filter((dimension) => names.has(dimension))).toEqual([])
  })

  test('is added up by fewer of its own dimensions, and by each set of them once', () => {
    for (const { name, dimensions, rollups } of all) {
      const sets = [dimensions, ...rollups].map((set) => [...set].sort().join())
      expect([name, new Set(sets).size]).toEqual([name, sets.length])
      expect([name, rollups.flat().filter((dimension) => !dimensions.includes(dimension))]).toEqual([name, []])
    }
  })
})
