import type { MetricDefinition } from './definition.ts'
import type { Metrics } from './port.ts'
import { bySeries, type Labels } from './series.ts'

// CloudWatch Logs, "Specification: Embedded metric format": a metric's target is a number or up to 100 of them; all directives of a
// document take their targets from the one root.

const VALUES_LIMIT = 100

type Values = { readonly metric: MetricDefinition; readonly labels: Labels; readonly values: ReadonlyArray<number> }

/** What one line says: dimensions and values side by side, and which of them are metrics. */
type Document = { readonly root: Map<string, unknown>; readonly directives: object[] }

const fits = ({ root }: Document, { metric, labels }: Values): boolean =>
  !root.has(metric.name) && Object.entries(labels).every(([name, value]) => !root.has(name) || root.get(name) === value)

const enter = ({ root, directives }: Document, namespace: string, { metric, labels, values }: Values): void => {
  for (const [name, value] of Object.entries(labels)) root.set(name, value)
  root.set(metric.name, values.length === 1 ? values[0] : values)
  directives.push({
    Namespace: namespace,
    Dimensions: [metric.dimensions, ...metric.rollups],
    Metrics: [{ Name: metric.name, Unit: metric.unit }],
  })
}

/** As few documents as come of putting each series into the first that has room for it. */
const documentsOf = (namespace: string, all: ReadonlyArray<Values>): ReadonlyArray<Document> => {
  const documents: Document[] = []
  for (const values of all) {
    let document = documents.find((each) => fits(each, values))
    if (document === undefined) {
      document = { root: new Map(), directives: [] }
      documents.push(document)
    }
    enter(document, namespace, values)
  }
  return documents
}

const inParts = ({ metric, labels, values }: Values): ReadonlyArray<Values> => {
  const parts: Values[] = []
  for (let at = 0; at < values.length; at += VALUES_LIMIT) {
    parts.push({ metric, labels, values: values.slice(at, at + VALUES_LIMIT) })
  }
  return parts
}

/** What there is to tell of a series changes when `value` comes. */
const enterValue = ({ kind }: MetricDefinition, values: number[], value: number): void => {
  if (kind === 'histogram' || values.length === 0) values.push(value)
  else values[0] = kind === 'counter' ? (values[0] ?? 0) + value : value
}

export type EmfMetrics = Metrics & {
  /** Writes what was recorded since the last time, as lines in CloudWatch's embedded metric format; nothing when that is nothing. */
  readonly flush: () => void
}

/** What comes between two flushes. */
const round = (): { readonly recorded: ReadonlyArray<Values>; readonly metrics: Metrics } => {
  const recorded: Values[] = []
  const metrics = bySeries((metric, labels) => {
    const values: number[] = []
    recorded.push({ metric, labels, values })
    return { add: (value) => enterValue(metric, values, value) }
  })
  return { recorded, metrics }
}

export type EmfOptions = {
  readonly write: (line: string) => void
  /** In CloudWatch. */
  readonly namespace: string
  /** Epoch milliseconds. */
  readonly clock: () => number
}

/** Metrics as lines of a log, from which CloudWatch takes them. */
export const emfMetrics = ({ write, namespace, clock }: EmfOptions): EmfMetrics => {
  let current = round()
  return {
    record: (metric, dimensions, value) => current.metrics.record(metric, dimensions, value),
    flush: () => {
      const { recorded } = current
      current = round()
      for (const { root, directives } of documentsOf(namespace, recorded.flatMap(inParts))) {
        const metadata = { Timestamp: clock(), CloudWatchMetrics: directives }
        write(`${JSON.stringify({ _aws: metadata, ...Object.fromEntries(root) })}\n`)
      }
    },
  }
}
