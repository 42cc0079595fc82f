import type { Log } from '../../projections/log.ts'
import { reasonOf } from '../../projections/log.ts'
import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import { type SealDeps, seal } from './seal.ts'

export type DigesterDeps = SealDeps & {
  /** Tenants that have commits. */
  readonly tenants: () => Promise<ReadonlyArray<string>>
  readonly log: Log
  readonly metrics: Metrics
}

/** Seals what windows are over, of all tenants. One whose windows cannot be sealed does not hold up the others; the next run tries again. */
export const sealAll = async (deps: DigesterDeps, signal: AbortSignal): Promise<void> => {
  for (const tenant of await deps.tenants()) {
    if (signal.aborted) return
    const outcome = await seal(deps, tenant).then(
      () => 'sealed',
      (error: unknown) => {
        deps.log.error('a window of the audit trail cannot be sealed', { tenant, reason: reasonOf(error) })
        return 'failed'
      },
    )
    deps.metrics.record(METRICS.trailSealings, { Outcome: outcome })
  }
}
