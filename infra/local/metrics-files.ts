import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'
import { pause } from '../feeds/bell.ts'

// The API serves the figures of all processes of an instance; the others leave theirs in files, as they do their status.

type Figures = MetricObjectWithValues<MetricValue<string>>[]
type Left = { readonly at: number; readonly figures: Figures }

const directoryOf = (dataDir: string): string => join(dataDir, 'metrics')

const EVERY_MS = 1_000
/** What a process has left that was silent for so long, because it was killed, goes. */
const STALE_MS = 15_000

const leave = async (file: string, registry: Registry): Promise<void> => {
  const left: Left = { at: Date.now(), figures: await registry.getMetricsAsJSON() }
  await writeFile(`${file}.new`, JSON.stringify(left))
  await rename(`${file}.new`, file)
}

/** Leaves this process's figures for the API, every second until `signal` aborts; then they go. Rejects when they cannot be written. */
export const leaveMetrics = async (
  dataDir: string,
  service: string,
  registry: Registry,
  signal: AbortSignal,
): Promise<void> => {
  const file = join(directoryOf(dataDir), `${service}.json`)
  await mkdir(directoryOf(dataDir), { recursive: true })
  for (; !signal.aborted; await pause(EVERY_MS, signal)) await leave(file, registry)
  await rm(file, { force: true })
}

/** Written whole by this same program; one that is not there any more was a process's that has just ended. */
const figuresIn = async (file: string): Promise<ReadonlyArray<Figures>> => {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return []
  const { at, figures }: Left = JSON.parse(text)
  if (Date.now() - at <= STALE_MS) return [figures]
  await rm(file, { force: true })
  return []
}

/** The figures of these registries and of all processes of the instance, as Prometheus reads them. */
export const exposition = async (dataDir: string, own: ReadonlyArray<Registry>): Promise<string> => {
  const directory = directoryOf(dataDir)
  const files = await readdir(directory).catch(() => [])
  const left = await Promise.all(
    files.filter((name) => name.endsWith('.json')).map((name) => figuresIn(join(directory, name))),
  )
  const figures = await Promise.all(own.map((registry) => registry.getMetricsAsJSON()))
  return AggregatorRegistry.aggregate([...figures, ...left.flat()]).metrics()
}
