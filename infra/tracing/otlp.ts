import type { Attributes, HrTime } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { SendSpans } from './exporter.ts'

// OTLP 1.x over HTTP in its JSON mapping (opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding"): ids in hex, enums as
// numbers, 64-bit integers as texts. It is all that a span of ours has; the exporter library would bring logs and metrics along.

const TIMEOUT_MS = 5_000

const nanoseconds = ([seconds, rest]: HrTime): string => `${BigInt(seconds) * 1_000_000_000n + BigInt(rest)}`

const anyValue = (value: unknown): object => {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  }
  return Array.isArray(value) ? { arrayValue: { values: value.map(anyValue) } } : {}
}

const attributesOf = (attributes: Attributes): ReadonlyArray<object> =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

const spanOf = (span: ReadableSpan): object => {
  const { traceId, spanId } = span.spanContext()
  return {
    traceId,
    spanId,
    ...(span.parentSpanContext && { parentSpanId: span.parentSpanContext.spanId }),
    name: span.name,
    // SpanKind begins at 0 in the API, and at 1 in the protocol.
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.startTime),
    endTimeUnixNano: nanoseconds(span.endTime),
    attributes: attributesOf(span.attributes),
    status: { code: span.status.code, ...(span.status.message && { message: span.status.message }) },
  }
}

/** The request that tells these spans. */
export const otlpRequest = (service: string, spans: ReadonlyArray<ReadableSpan>): object => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': service }) },
      scopeSpans: [{ scope: { name: 'daybook' }, spans: spans.map(spanOf) }],
    },
  ],
})

/** Sends spans to a collector. @param endpoint as in OTEL_EXPORTER_OTLP_ENDPOINT, without the path of the signal. */
export const toCollector =
  (service: string, endpoint: string): SendSpans =>
  async (spans) => {
    const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(otlpRequest(service, spans)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`the collector of traces answered ${response.status}`)
  }
