import type { Logger } from '../../log/logger.ts'
import { namespaceOf } from '../../metrics/definition.ts'
import { emfMetrics } from '../../metrics/emf.ts'
import type { Metrics } from '../../metrics/port.ts'
import { asLines } from '../../tracing/exporter.ts'
import { toCollector } from '../../tracing/otlp.ts'
import type { Sampling } from '../../tracing/sampler.ts'
import { startTracing } from '../../tracing/start.ts'
import type { FunctionName } from '../functions.ts'

/** Of every function's environment, one a second; of a hundred others one. */
const SAMPLING: Sampling = { perSecond: 1, ratio: 1 / 100 }

export type Telemetry = {
  readonly metrics: Metrics
  /** The handler, behind whose answers metrics and spans are written: Lambda freezes the function then. */
  readonly observed: <A extends ReadonlyArray<unknown>, B>(
    handler: (...asked: A) => Promise<B>,
  ) => (...asked: A) => Promise<B>
}

const toLog = (lines: string): void => void process.stdout.write(lines)

/**
 * Metrics as lines of the function's log, in the format that CloudWatch takes them from. Spans go to the collector that
 * OTEL_EXPORTER_OTLP_ENDPOINT names (a layer, mostly); without it, they are lines of the log, too.
 */
export const telemetryOf = (name: FunctionName, stage: string, log: Logger): Telemetry => {
  const metrics = emfMetrics({ write: toLog, namespace: namespaceOf(stage), clock: Date.now })
  const collector = process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  const { flush } = startTracing({
    sampling: SAMPLING,
    send: collector ? toCollector(name, collector) : asLines(name, async (lines) => toLog(lines)),
    lost: (error) => log.warn('spans were lost', { error }),
  })
  return {
    metrics,
    observed:
      (handler) =>
      async (...asked) => {
        try {
          return await handler(...asked)
        } finally {
          metrics.flush()
          await flush()
        }
      },
  }
}
