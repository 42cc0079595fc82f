import { type Attributes, type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { CORRELATION_ID } from './correlation.ts'

const KINDS = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
} as const

/** A span as one line of a log tells it. */
export type SpanLine = {
  /** Begin, RFC 3339 UTC with milliseconds; `startMs` is the same in epoch milliseconds, with fractions. */
  readonly time: string
  readonly level: 'info'
  readonly service: string
  readonly message: 'span'
  readonly span: string
  readonly kind: (typeof KINDS)[SpanKind]
  readonly correlationId: string | null
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly startMs: number
  readonly durationMs: number
  readonly failed: boolean
  readonly attributes: Attributes
}

const milliseconds = ([seconds, nanoseconds]: HrTime): number => seconds * 1_000 + nanoseconds / 1e6

export const spanLine = (service: string, span: ReadableSpan): SpanLine => {
  const { [CORRELATION_ID]: correlationId, ...attributes } = span.attributes
  const { traceId, spanId } = span.spanContext()
  const startMs = milliseconds(span.startTime)
  return {
    time: new Date(startMs).toISOString(),
    level: 'info',
    service,
    message: 'span',
    span: span.name,
    kind: KINDS[span.kind],
    correlationId: typeof correlationId === 'string' ? correlationId : null,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    startMs,
    durationMs: milliseconds(span.duration),
    failed: span.status.code === SpanStatusCode.ERROR,
    attributes,
  }
}
