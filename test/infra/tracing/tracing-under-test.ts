import { asLines } from '../../../infra/tracing/exporter.ts'
import type { Sampling } from '../../../infra/tracing/sampler.ts'
import type { SpanLine } from '../../../infra/tracing/span-line.ts'
import { startTracing } from '../../../infra/tracing/start.ts'

/** Traces what the test does. */
export const tracing = (sampling: Sampling) => {
  const spans: SpanLine[] = []
  const { flush, stop } = startTracing({
    sampling,
    send: asLines('test', async (lines) => {
      for (const line of lines.trimEnd().split('\n')) spans.push(JSON.parse(line))
    }),
    lost: (error) => {
      throw error
    },
  })
  /** The spans that ended since it was asked last. */
  const ended = async (): Promise<ReadonlyArray<SpanLine>> => {
    await flush()
    return spans.splice(0)
  }
  return { ended, stop }
}
