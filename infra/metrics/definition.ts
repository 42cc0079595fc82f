/** CloudWatch's spelling of the units that Daybook measures in (MetricDatum, `Unit`). */
export type Unit = 'Count' | 'Milliseconds' | 'Percent' | 'None'

/**
 * A metric as data: EMF, Prometheus, alarms and dashboards are all made from it. A `counter` only grows, a `gauge` is the latest of its
 * values, of a `histogram` every value counts.
 */
export type MetricDefinition = {
  /** As CloudWatch has it, in the namespace of its stage. Prometheus has it in snake case, with the unit behind it (prometheus.ts). */
  readonly name: string
  readonly unit: Unit
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** What its values are told apart by: few and bounded, and never a person, a stream or a tenant. */
  readonly dimensions: ReadonlyArray<string>
  /**
   * Fewer dimensions that CloudWatch is to add it up by as well, because an alarm cannot. All that alarms and dashboards may ask for
   * are these sets and `dimensions` itself.
   */
  readonly rollups: ReadonlyArray<ReadonlyArray<string>>
  readonly description: string
}

/** Of every metric of a stage in CloudWatch, so that two stages in one account do not add up. */
export const namespaceOf = (stage: string): string => `Daybook/${stage}`
