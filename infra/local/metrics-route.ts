import * as E from 'fp-ts/lib/Either.js'
import { Hono } from 'hono'
import type { Projections } from '../../read-api/projection-status.ts'
import type { Problem } from '../../schemas/problem.ts'
import { METRICS } from '../metrics/definitions.ts'
import { type PrometheusMetrics, prometheusMetrics } from '../metrics/prometheus.ts'
import { exposition } from './metrics-files.ts'

/** What is true at present, and not added up; nothing of it while the feeds or Postgres tell nothing. */
const presently = async (status: () => Promise<E.Either<Problem, Projections>>): Promise<PrometheusMetrics> => {
  const present = prometheusMetrics()
  const told = await status().catch(() => null)
  if (told === null || E.isLeft(told)) return present
  for (const { name, lagSeconds, lagEvents, parkedStreams } of told.right.projections) {
    const of = { Projection: name }
    present.record(METRICS.feedLag, of, lagSeconds * 1_000)
    present.record(METRICS.feedWaiting, of, lagEvents)
    present.record(METRICS.parkedStreams, of, parkedStreams)
  }
  return present
}

/** `GET /metrics`: the figures of all processes of an instance. It takes no token: no dimension names a tenant or a person. */
export const metricsRoute = (
  dataDir: string,
  { registry }: PrometheusMetrics,
  status: () => Promise<E.Either<Problem, Projections>>,
): Hono => {
  const route = new Hono()
  route.get('/metrics', async (c) => {
    const present = await presently(status)
    return c.text(await exposition(dataDir, [registry, present.registry]), 200, {
      'Content-Type': registry.contentType,
    })
  })
  return route
}
