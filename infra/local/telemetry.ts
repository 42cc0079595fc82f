import { mkdirSync } from 'node:fs'
import type { Logger } from '../log/logger.ts'
import { asLines } from '../tracing/exporter.ts'
import { boundedFile } from '../tracing/file.ts'
import type { Sampling } from '../tracing/sampler.ts'
import { startTracing, type Tracing } from '../tracing/start.ts'
import { logsDirectory, tracesFile } from './traces.ts'

/**
 * Every trace of a person who tries things out, and under load few enough that nobody notices (docs/observability.md has the cost).
 */
const SAMPLING: Sampling = { perSecond: 10, ratio: 1 / 256 }

/** Traces what this process does into `logs/traces-<service>.jsonl` of the data directory. */
export const traceLocally = (dataDir: string, service: string, log: Logger): Tracing => {
  mkdirSync(logsDirectory(dataDir), { recursive: true })
  return startTracing({
    sampling: SAMPLING,
    send: asLines(service, boundedFile(tracesFile(dataDir, service))),
    lost: (error) => log.warn('spans were lost', { error }),
  })
}
