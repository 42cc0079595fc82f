import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { MetricDefinition, Unit } from './definition.ts'
import type { Metrics } from './port.ts'
import { bySeries, type Labels, type Series } from './series.ts'

/** Prometheus wants base units, and names that say them ("Metric and label naming"). */
const BASE_UNITS: { readonly [U in Unit]: { readonly suffix: string; readonly scale: number } } = {
  Count: { suffix: '', scale: 1 },
  None: { suffix: '', scale: 1 },
  Milliseconds: { suffix: '_seconds', scale: 1 / 1_000 },
  Percent: { suffix: '_ratio', scale: 1 / 100 },
}

/** From half a millisecond, a command on a warm stream, to half a minute, the longest that a read waits for its view. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const snakeCase = (name: string): string => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()

/** `RequestDuration` in milliseconds is `daybook_request_duration_seconds`. */
export const prometheusName = ({ name, unit, kind }: MetricDefinition): string =>
  `daybook_${snakeCase(name)}${BASE_UNITS[unit].suffix}${kind === 'counter' ? '_total' : ''}`

const inSnakeCase = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [snakeCase(name), value]))

/** All series of one metric. */
const family = (metric: MetricDefinition, registry: Registry): ((labels: Labels) => Series) => {
  const { scale } = BASE_UNITS[metric.unit]
  const options = {
    name: prometheusName(metric),
    help: metric.description,
    labelNames: metric.dimensions.map(snakeCase),
    registers: [registry],
  }
  switch (metric.kind) {
    case 'counter': {
      const counter = new Counter(options)
      return (labels) => {
        const series = counter.labels(inSnakeCase(labels))
        return { add: (value) => series.inc(value * scale) }
      }
    }
    case 'gauge': {
      const gauge = new Gauge(options)
      return (labels) => {
        const series = gauge.labels(inSnakeCase(labels))
        return { add: (value) => series.set(value * scale) }
      }
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: SECONDS })
      return (labels) => {
        const series = histogram.labels(inSnakeCase(labels))
        return { add: (value) => series.observe(value * scale) }
      }
    }
  }
}

export type PrometheusMetrics = Metrics & {
  /** What was recorded since the process began. */
  readonly registry: Registry
}

/** Metrics for Prometheus to fetch. */
export const prometheusMetrics = (): PrometheusMetrics => {
  const registry = new Registry()
  const families = new Map<MetricDefinition, (labels: Labels) => Series>()
  const familyOf = (metric: MetricDefinition): ((labels: Labels) => Series) => {
    const of = families.get(metric) ?? family(metric, registry)
    families.set(metric, of)
    return of
  }
  return { registry, ...bySeries((metric, labels) => familyOf(metric)(labels)) }
}
