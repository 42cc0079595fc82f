import type { MetricDefinition } from './definition.ts'
import type { DimensionsOf, Metrics } from './port.ts'

/** Dimensions by name, of any metric. */
export type Labels = { readonly [dimension: string]: string }

/** One metric with one set of dimensions: takes its values. */
export type Series = { readonly add: (value: number) => void }

/** Hands every value to its series, which is made when its first value comes. */
export const bySeries = (make: (metric: MetricDefinition, labels: Labels) => Series): Metrics => {
  const found = new Map<MetricDefinition, Map<string, Series>>()
  const seriesOf = (metric: MetricDefinition): Map<string, Series> => {
    const known = found.get(metric)
    if (known !== undefined) return known
    const none = new Map<string, Series>()
    found.set(metric, none)
    return none
  }
  return {
    record: <const D extends MetricDefinition>(metric: D, dimensions: DimensionsOf<D>, value = 1): void => {
      const labels: Labels = dimensions
      const series = seriesOf(metric)
      let key = ''
      for (const name of metric.dimensions) key += `${labels[name]}\n`
      let one = series.get(key)
      if (one === undefined) {
        one = make(metric, labels)
        series.set(key, one)
      }
      one.add(value)
    },
  }
}
