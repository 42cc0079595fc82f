import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { spanLine } from './span-line.ts'

/** Takes spans that have ended; rejects where they could not be passed on. */
export type SendSpans = (spans: ReadonlyArray<ReadableSpan>) => Promise<void>

// ExportResultCode of @opentelemetry/core, which is no dependency of ours.
const SUCCESS = 0
const FAILED = 1

/** Spans that could not be passed on are gone: @param lost is told why. */
export const exporterOf = (send: SendSpans, lost: (error: unknown) => void): SpanExporter => ({
  export: (spans, done) => {
    send(spans).then(
      () => done({ code: SUCCESS }),
      (error: unknown) => {
        lost(error)
        done({ code: FAILED })
      },
    )
  },
  shutdown: async () => {},
})

/** Spans as JSON lines. @param write gets whole lines, several at a time. */
export const asLines =
  (service: string, write: (lines: string) => Promise<void>): SendSpans =>
  (spans) =>
    write(spans.map((span) => `${JSON.stringify(spanLine(service, span))}\n`).join(''))
