import { type Context, createContextKey } from '@opentelemetry/api'
import type { SpanProcessor } from '@opentelemetry/sdk-trace'

/** On every span: the id that one request has in logs, commits and traces alike. */
export const CORRELATION_ID = 'daybook.correlation_id'

const KEY = createContextKey(CORRELATION_ID)

export const withCorrelation = (context: Context, correlationId: string): Context =>
  context.setValue(KEY, correlationId)

/** Writes the correlation id of a span's context into the span. */
export const correlating: SpanProcessor = {
  onStart: (span, context) => {
    const correlationId = context.getValue(KEY)
    if (typeof correlationId === 'string') span.setAttribute(CORRELATION_ID, correlationId)
  },
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
}
