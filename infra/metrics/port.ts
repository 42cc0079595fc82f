import type { MetricDefinition } from './definition.ts'

/** What a value is told apart by: a text for every dimension of its metric. */
export type DimensionsOf<D extends MetricDefinition> = { readonly [Name in D['dimensions'][number]]: string }

export type Metrics = {
  /**
   * Adds `value` (default 1) to a counter, sets a gauge to it, or notes it in a histogram. In the metric's unit. It costs about a
   * microsecond, and never throws.
   */
  readonly record: <const D extends MetricDefinition>(metric: D, dimensions: DimensionsOf<D>, value?: number) => void
}

/** For whoever measures nothing. */
export const silentMetrics: Metrics = { record: () => {} }
