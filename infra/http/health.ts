import { Hono } from 'hono'
import { problem } from '../../schemas/problem.ts'
import { problemResponse } from './problem-response.ts'

/** Rejects, or does not answer in time, when the part is away. */
export type Probe = () => Promise<unknown>

const PROBE_TIMEOUT_MS = 2_000

const inTime = async (probe: Probe): Promise<boolean> => {
  const timer = Promise.withResolvers<false>()
  const timeout = setTimeout(() => timer.resolve(false), PROBE_TIMEOUT_MS)
  const answer = probe().then(
    () => true,
    () => false,
  )
  return Promise.race([answer, timer.promise]).finally(() => clearTimeout(timeout))
}

/** `GET /health/live`: the process answers, and says which release it is of where that is known. `GET /health/ready`: every part does, or 503 names those that do not. */
export const healthRoutes = (
  probes: { readonly [part: string]: Probe },
  newId: () => string,
  release?: string,
): Hono => {
  const routes = new Hono()
  routes.get('/health/live', (c) => c.json({ status: 'live', ...(release !== undefined && { release }) }))
  routes.get('/health/ready', async (c) => {
    const parts = await Promise.all(
      Object.entries(probes).map(async ([part, probe]) => ({ part, up: await inTime(probe) })),
    )
    const down = parts.filter(({ up }) => !up).map(({ part }) => part)
    if (down.length === 0) return c.json({ status: 'ready' })
    const headers = { 'Retry-After': '1' }
    return problemResponse(
      problem(503, 'not_ready', 'Not ready', { detail: `Down: ${down.join(', ')}`, headers }),
      newId(),
    )
  })
  return routes
}
