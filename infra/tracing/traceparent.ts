import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api'

// W3C Trace Context, section 3.2: version, trace id, parent id and flags in lower-case hex. Of a later version what comes behind
// the flags is not looked at.
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Which span of which trace a `traceparent` names; undefined where it is none, as if it had not come. */
export const parseTraceparent = (text: string | undefined): SpanContext | undefined => {
  const [, version, traceId = '', spanId = '', flags = '', rest] = TRACEPARENT.exec(text ?? '') ?? []
  if (version === undefined || (version === '00' && rest !== undefined)) return undefined
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  const span = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(span) ? span : undefined
}

export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0')}`
