import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { withCorrelation } from './correlation.ts'
import { parseTraceparent, traceparentOf } from './traceparent.ts'

// Whatever is traced asks OpenTelemetry's API, which does nothing until a process starts tracing (start.ts).
const tracer = trace.getTracer('daybook')

/** Not its message: that may name a person. */
const failed = (span: Span, error: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'thrown' })
}

const during = async <A>(span: Span, within: Context, work: () => Promise<A>): Promise<A> => {
  try {
    return await context.with(trace.setSpan(within, span), work)
  } catch (error) {
    failed(span, error)
    throw error
  } finally {
    span.end()
  }
}

const isSampled = (within: Context): boolean =>
  ((trace.getSpanContext(within)?.traceFlags ?? TraceFlags.NONE) & TraceFlags.SAMPLED) !== 0

/**
 * What a request does, as a span of the trace that its `traceparent` names, or of a new one. Whether that is sampled is decided here
 * for all that the request leads to. `work` gets what tells the span the status of the answer.
 */
export const inRequestSpan = <A>(
  {
    name,
    traceparent,
    correlationId,
    attributes,
  }: {
    readonly name: string
    readonly traceparent: string | undefined
    readonly correlationId: string
    readonly attributes: Attributes
  },
  work: (answered: (status: number) => void) => Promise<A>,
): Promise<A> => {
  const caller = parseTraceparent(traceparent)
  const outside = withCorrelation(caller ? trace.setSpanContext(ROOT_CONTEXT, caller) : ROOT_CONTEXT, correlationId)
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, outside)
  return during(span, outside, () =>
    work((status) => {
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: String(status) })
    }),
  )
}

/** A step of the current trace; without one, or when it is not sampled, the work alone. */
export const inSpan = <A>(name: string, attributes: Attributes, work: () => Promise<A>): Promise<A> => {
  const within = context.active()
  if (!isSampled(within)) return work()
  return during(tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, within), within, work)
}

/** The current span as others are to name it; undefined where it is not sampled. */
export const currentTraceparent = (): string | undefined => {
  const span = trace.getSpanContext(context.active())
  return span !== undefined && isSpanContextValid(span) && (span.traceFlags & TraceFlags.SAMPLED) !== 0
    ? traceparentOf(span)
    : undefined
}

/** Where something comes from that is dealt with later, by another process. */
export type Origin = { readonly traceparent: string; readonly correlationId: string }

/**
 * Work that is done for many at once, as one span of the same time in the trace of each. `work` gets what makes of an origin the one
 * for steps within.
 */
export const following = async <A>(
  name: string,
  attributes: Attributes,
  origins: ReadonlyArray<Origin>,
  work: (within: (origin: Origin) => Origin) => Promise<A>,
): Promise<A> => {
  if (origins.length === 0) return work((origin) => origin)
  const spans = new Map<Origin, Span>()
  for (const origin of origins) {
    const parent = parseTraceparent(origin.traceparent)
    if (parent === undefined) continue
    const outside = withCorrelation(trace.setSpanContext(ROOT_CONTEXT, parent), origin.correlationId)
    spans.set(origin, tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, outside))
  }
  try {
    return await work((origin) => {
      const span = spans.get(origin)
      return span === undefined ? origin : { ...origin, traceparent: traceparentOf(span.spanContext()) }
    })
  } catch (error) {
    for (const span of spans.values()) failed(span, error)
    throw error
  } finally {
    for (const span of spans.values()) span.end()
  }
}
