import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../log/logger.ts'
import { asLines } from '../tracing/exporter.ts'
import { boundedFile } from '../tracing/file.ts'
import type { Sampling } from '../tracing/sampler.ts'
import { startTracing, type Tracing } from '../tracing/start.ts'

/**
 * Every trace of a person who tries things out, and under load few enough that nobody notices (docs/observability.md has the cost).
 */
const SAMPLING: Sampling = { perSecond: 10, ratio: 1 / 256 }

export const logsDirectory = (dataDir: string): string => join(dataDir, 'logs')

/** Each process has a file of its own: only so can it put it aside when it is full. */
const tracesFile = (dataDir: string, service: string): string => join(logsDirectory(dataDir), `traces-${service}.jsonl`)

/** Whether a file in the logs' directory holds traces. */
export const holdsTraces = (file: string): boolean => /^traces-[a-z]+\.jsonl(\.1)?$/.test(file)

/** Traces what this process does into `logs/traces-<service>.jsonl` of the data directory. */
export const traceLocally = (dataDir: string, service: string, log: Logger): Tracing => {
  mkdirSync(logsDirectory(dataDir), { recursive: true })
  return startTracing({
    sampling: SAMPLING,
    send: asLines(service, boundedFile(tracesFile(dataDir, service))),
    lost: (error) => log.warn('spans were lost', { error }),
  })
}
