import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { correlating } from './correlation.ts'
import { exporterOf, type SendSpans } from './exporter.ts'
import { type Sampling, samplerOf } from './sampler.ts'

export type TracingOptions = {
  readonly sampling: Sampling
  readonly send: SendSpans
  /** Told when spans are lost. */
  readonly lost: (error: unknown) => void
}

export type Tracing = {
  /** Passes on every span that has ended. */
  readonly flush: () => Promise<void>
  /** Passes on the last spans and traces no more. */
  readonly stop: () => Promise<void>
}

/** Spans wait so long for others to be sent with, and so many at most; more than that are dropped, and `lost` of none. */
const BATCHES = { scheduledDelayMillis: 500, maxQueueSize: 8_192, maxExportBatchSize: 1_024 }

/** Starts tracing in this process; to be called once. Until then, and without, nothing is traced. */
export const startTracing = ({ sampling, send, lost }: TracingOptions): Tracing => {
  const batches = new BatchSpanProcessor({ exporter: exporterOf(send, lost), ...BATCHES })
  const provider = new TracerProvider({
    sampler: samplerOf(sampling, () => performance.now()),
    spanProcessors: [correlating, batches],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  // What could not be sent was told already.
  const flush = (): Promise<void> => provider.forceFlush().catch(() => {})
  return {
    flush,
    stop: async () => {
      await flush()
      trace.disable()
      context.disable()
    },
  }
}
