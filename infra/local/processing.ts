import { pause } from '../feeds/bell.ts'
import type { Logger } from '../log/logger.ts'

const EVERY_MS = 1_000

/** After a run that could not ask what is due. */
const AFTER_FAULT_MS = 10_000

/** Takes what processes have to do as it becomes due, until `signal` aborts. */
export const keepProcessing = async (
  work: (signal: AbortSignal) => Promise<unknown>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const rest = await work(signal).then(
      () => EVERY_MS,
      (error: unknown) => {
        log.warn('processes stand still', { error })
        return AFTER_FAULT_MS
      },
    )
    await pause(rest, signal)
  }
}
