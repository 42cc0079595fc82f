import { mkdir, rm } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import { pause } from '../feeds/bell.ts'
import { feedsDirectory, keepStatusFile, statusFile } from '../feeds/status-file.ts'
import { jsonLogger } from '../log/logger.ts'
import { prometheusMetrics } from '../metrics/prometheus.ts'
import { composeFeeds, type RunningFeeds } from './compose-feeds.ts'
import { leaveMetrics } from './metrics-files.ts'
import { readSettings, type Settings } from './settings.ts'
import { traceLocally } from './telemetry.ts'

/** The supervisor gives its children a few seconds. */
const STOP_WITHIN_MS = 3_000

const log = jsonLogger(
  'feeds',
  (line) => process.stdout.write(line),
  () => new Date(),
)

const untilReading = async (feeds: RunningFeeds, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted && !feeds.status().mappings.every(({ reading }) => reading)) await pause(25, signal)
}

/** Runs the feeds until `stopping` aborts or they are lost; answers the exit code. */
const run = async (settings: Settings, stopping: AbortController): Promise<number> => {
  const { signal } = stopping
  await mkdir(feedsDirectory(settings.dataDir), { recursive: true })
  // Until these feeds run, nobody is to take the last ones' heartbeat for theirs.
  await rm(statusFile(settings.dataDir), { force: true })
  const tracing = traceLocally(settings.dataDir, 'feeds', log)
  const metrics = prometheusMetrics()
  const feeds = await composeFeeds(settings, log, signal, metrics)
  if (feeds === null) return 0
  const status = keepStatusFile(statusFile(settings.dataDir), feeds.status, Date.now, signal)
  const figures = leaveMetrics(settings.dataDir, 'feeds', metrics.registry, signal)
  await untilReading(feeds, signal)
  if (!signal.aborted) process.send?.({ type: 'ready' })
  const lost = await Promise.race([feeds.lost, status.then(() => null), figures.then(() => null)])
  if (lost !== null) log.error('the feeds must start anew', { reason: lost })
  stopping.abort()
  await feeds.stop()
  await tracing.stop()
  return lost === null ? 0 : 1
}

const settings = readSettings(process.env)
if (E.isLeft(settings)) {
  log.error('settings are not valid', { faults: settings.left })
  process.exit(2)
}
const stopping = new AbortController()
const stop = (): void => {
  stopping.abort()
  setTimeout(() => {
    log.warn('stopping takes too long: what is unfinished will be delivered again')
    process.exit(1)
  }, STOP_WITHIN_MS).unref()
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)
const code = await run(settings.right, stopping).catch((error: unknown) => {
  log.error('the feeds failed', { error })
  return 1
})
process.exit(code)
