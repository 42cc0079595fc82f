import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exposition, leaveMetrics } from '../../../infra/local/metrics-files.ts'
import { METRICS } from '../../../infra/metrics/definitions.ts'
import { prometheusMetrics } from '../../../infra/metrics/prometheus.ts'
import { measuredSteps } from '../../../infra/rebuild/measured-steps.ts'
import { eventually } from '../feeds/mapping-under-test.ts'
import { temporaryDir } from './temporary-dir.ts'

const FAULTS = 'daybook_dependency_faults_total{dependency="postgres"}'
const PROGRESS = 'daybook_rebuild_progress_ratio{projection="orders"}'

/** A process that leaves its figures until it ends. */
const leaving = (dataDir: string, service: string) => {
  const metrics = prometheusMetrics()
  const ending = new AbortController()
  const left = leaveMetrics(dataDir, service, metrics.registry, ending.signal)
  const end = async () => {
    ending.abort()
    await left
  }
  return { metrics, end }
}

test('the figures of all processes are added up, and each is told of once', async () => {
  const dataDir = temporaryDir()
  const own = prometheusMetrics()
  own.record(METRICS.dependencyFaults, { Dependency: 'postgres' }, 2)
  const feeds = leaving(dataDir, 'feeds')
  feeds.metrics.record(METRICS.dependencyFaults, { Dependency: 'postgres' }, 3)
  await eventually(async () => (await exposition(dataDir, [own.registry])).includes(`${FAULTS} 5\n`))
  expect((await exposition(dataDir, [own.registry])).split('# TYPE daybook_dependency_faults_total')).toHaveLength(2)
  await feeds.end()
  expect(await exposition(dataDir, [own.registry])).toContain(`${FAULTS} 2\n`)
})

test('how far a rebuild is can be seen while it runs, and not behind', async () => {
  const dataDir = temporaryDir()
  const replay = leaving(dataDir, 'replay-1')
  const step = measuredSteps(replay.metrics, 'orders', 200)
  const shown = (ratio: number) =>
    eventually(async () => (await exposition(dataDir, [])).includes(`${PROGRESS} ${ratio}\n`))
  step({ _tag: 'Begun', resumed: false, segments: 1 })
  await shown(0)
  step({ _tag: 'Read', items: 50, events: 80 })
  await shown(0.25)
  step({ _tag: 'Verifying' })
  await shown(1)
  await replay.end()
  expect(await exposition(dataDir, [])).not.toContain(PROGRESS)
})

test('what a process has left that was killed long ago goes', async () => {
  const dataDir = temporaryDir()
  const feeds = leaving(dataDir, 'feeds')
  feeds.metrics.record(METRICS.rebuildProgress, { Projection: 'orders' }, 10)
  await eventually(async () => (await exposition(dataDir, [])).includes(PROGRESS))
  await feeds.end()
  const file = join(dataDir, 'metrics', 'replay-7.json')
  await writeFile(
    file,
    JSON.stringify({ at: Date.now() - 60_000, figures: await feeds.metrics.registry.getMetricsAsJSON() }),
  )
  expect(await exposition(dataDir, [])).not.toContain(PROGRESS)
  expect(await readdir(join(dataDir, 'metrics'))).toEqual([])
})
