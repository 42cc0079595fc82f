import { type HrTime, SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import * as t from 'io-ts'
import { nullable } from '../../schemas/nullable.ts'
import { CORRELATION_ID } from './correlation.ts'

const KINDS = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
} as const

/** A span as one line of a log tells it. */
export const SpanLine = t.readonly(
  t.type({
    /** Begin, RFC 3339 UTC with milliseconds; `startMs` is the same in epoch milliseconds, with fractions. */
    time: t.string,
    level: t.literal('info'),
    service: t.string,
    message: t.literal('span'),
    span: t.string,
    kind: t.string,
    correlationId: nullable(t.string),
    traceId: t.string,
    spanId: t.string,
    parentSpanId: nullable(t.string),
    startMs: t.number,
    durationMs: t.number,
    failed: t.boolean,
    attributes: t.UnknownRecord,
  }),
  'SpanLine',
)
export type SpanLine = t.TypeOf<typeof SpanLine>

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
