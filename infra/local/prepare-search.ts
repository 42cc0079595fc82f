import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../log/logger.ts'
import type { ProductSearch } from '../search/port.ts'

const AGAIN_AFTER_MS = 1_000

/** Prepares the search index as soon as its engine is there: commands and other queries need not wait for it. */
export const prepareSearch = async (search: ProductSearch, log: Logger, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      return await search.prepare()
    } catch (error) {
      log.warn('search is away', { engine: search.engine, error })
      await sleep(AGAIN_AFTER_MS, undefined, { signal }).catch(() => {})
    }
  }
}
