import { type DigesterDeps, sealAll } from '../audit/digester.ts'
import { pause } from '../feeds/bell.ts'
import type { LocalTrail } from './trail.ts'

/** Windows are an hour long; a minute later is early enough. */
const EVERY_MS = 60_000

/** Seals the windows of all tenants as they end, until `signal` aborts. */
export const keepSealing = async (
  trail: LocalTrail,
  { log, metrics }: Pick<DigesterDeps, 'log' | 'metrics'>,
  signal: AbortSignal,
): Promise<void> => {
  for (; !signal.aborted; await pause(EVERY_MS, signal)) {
    await sealAll({ ...trail, log, metrics }, signal).catch((error: unknown) =>
      log.error('the tenants of the audit trail are not known', { error }),
    )
  }
}
