import { sealAll } from '../audit/digester.ts'
import { pause } from '../feeds/bell.ts'
import type { Logger } from '../log/logger.ts'
import type { LocalTrail } from './trail.ts'

/** Windows are an hour long; a minute later is early enough. */
const EVERY_MS = 60_000

/** Seals the windows of all tenants as they end, until `signal` aborts. */
export const keepSealing = async (trail: LocalTrail, log: Logger, signal: AbortSignal): Promise<void> => {
  for (; !signal.aborted; await pause(EVERY_MS, signal)) {
    await sealAll({ ...trail, log }, signal).catch((error: unknown) =>
      log.error('the tenants of the audit trail are not known', { error }),
    )
  }
}
