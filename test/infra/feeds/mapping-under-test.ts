import type { MappingConfig } from '../../../infra/feeds/mapping-config.ts'
import type { FeedRecord } from '../../../infra/feeds/port.ts'
import { memoryPositions } from '../../../infra/feeds/positions.ts'
import { silentLogger } from '../../../infra/log/logger.ts'

/** A delivery as the handlers of these tests get it. */
export type Delivered<P> = { readonly shardId: string; readonly records: ReadonlyArray<FeedRecord<P>> }

export const payloadsOf = <P>(delivered: Delivered<P>): ReadonlyArray<P> =>
  delivered.records.map(({ payload }) => payload)

/** A mapping's configuration with fast pauses; tests override what they are about. */
export const mappingOf = <P>(
  config: Pick<MappingConfig<P, Delivered<P>>, 'source' | 'handler'> & Partial<MappingConfig<P, Delivered<P>>>,
): MappingConfig<P, Delivered<P>> => ({
  name: 'under-test',
  toEvent: (records, { shardId }) => ({ shardId, records }),
  positions: memoryPositions(),
  batchSize: 10,
  maximumRetryAttempts: -1,
  bisectBatchOnFunctionError: false,
  backoff: { initialMs: 1, maximumMs: 4 },
  poll: { minimumMs: 1, maximumMs: 8 },
  onFailure: async () => {},
  log: silentLogger,
  clock: Date.now,
  ...config,
})

/** Polls until the condition holds; rejects after `withinMs`. */
export const eventually = async (condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> => {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${withinMs} ms: ${condition}`)
    await new Promise((resume) => setTimeout(resume, 5))
  }
}
