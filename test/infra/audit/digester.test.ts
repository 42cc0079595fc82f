import { expect, test } from 'vitest'
import { sealAll } from '../../../infra/audit/digester.ts'
import { silentLogger } from '../../../infra/log/logger.ts'
import { emfMetrics } from '../../../infra/metrics/emf.ts'
import { publishedBy, valuesOf } from '../metrics/emf-lines.ts'
import { TENANT, trailInMemory } from './trail.ts'

const HOUR_MS = 3_600_000

test('a tenant whose trail cannot be sealed is counted, and does not hold up the others', async () => {
  const { deps, append, advance } = trailInMemory()
  await append()
  advance(2 * HOUR_MS)
  const lines: string[] = []
  const metrics = emfMetrics({ write: (line) => lines.push(line), namespace: 'Daybook/dev', clock: () => 0 })
  const told: unknown[] = []
  const log = { ...silentLogger, error: (_: string, detail?: object) => told.push(detail) }
  const last = async (tenant: string) => {
    if (tenant === 'broken') throw new Error('the bucket is away')
    return deps.digests.last(tenant)
  }
  const tenants = async () => ['broken', TENANT]
  const digests = { ...deps.digests, last }
  await sealAll({ ...deps, digests, tenants, log, metrics }, new AbortController().signal)
  metrics.flush()
  const published = publishedBy(lines)
  expect(valuesOf(published, 'TrailSealings', { Outcome: 'failed' })).toEqual([1])
  expect(valuesOf(published, 'TrailSealings', { Outcome: 'sealed' })).toEqual([1])
  expect(told).toEqual([{ tenant: 'broken', reason: 'the bucket is away' }])
  expect((await deps.digests.last(TENANT))?.body.commits).toBe(1)
})
