import { leaveMetrics } from '../../local/metrics-files.ts'
import type { Metrics } from '../../metrics/port.ts'
import { prometheusMetrics } from '../../metrics/prometheus.ts'
import { enginesOf } from '../engines.ts'
import type { GlobalOptions } from '../options.ts'

/** Works while the instance's API serves the figures of this process, too. They are for looking at: without them the work goes on. */
export const leavingMetrics = async <A>(options: GlobalOptions, work: (metrics: Metrics) => Promise<A>): Promise<A> => {
  const metrics = prometheusMetrics()
  // A stage is not told of what goes on here.
  if (options.stage !== undefined) return work(metrics)
  const ending = new AbortController()
  const { dataDir } = enginesOf(options)
  const leaving = leaveMetrics(dataDir, `replay-${process.pid}`, metrics.registry, ending.signal).catch(() => {})
  try {
    return await work(metrics)
  } finally {
    ending.abort()
    await leaving
  }
}
