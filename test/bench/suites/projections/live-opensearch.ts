import type { KinesisStreamEvent } from 'aws-lambda'
import { commitOfImage } from '../../../../infra/event-store/item.ts'
import { memoryEventStore } from '../../../../infra/event-store/memory.ts'
import { systemStamp } from '../../../../infra/event-store/stamp.ts'
import { destinationRecord } from '../../../../infra/feeds/destination-record.ts'
import type { Engine } from '../../../../infra/local/engines/engine.ts'
import { silentLogger } from '../../../../infra/log/logger.ts'
import { noRebuilds } from '../../../../infra/rebuild/port.ts'
import { openSearchProducts } from '../../../../infra/search/opensearch.ts'
import { memoryViewStore } from '../../../../infra/views/memory.ts'
import { searchProjector } from '../../../../projections/search-projector.ts'
import { kinesisRecordOf } from '../../../projections/search-projector-under-test.ts'
import { recordOf } from '../../../projections/stream-records.ts'
import type { Case } from '../../bench.ts'
import { productCommit, productOf } from '../../products.ts'
import { timed } from '../../stopwatch.ts'
import { bareIndex } from './bare-index.ts'

/** Records a batch of the feed, and documents a bulk request. */
const BATCH = 500

const batchesOf = (tenant: string, count: number): ReadonlyArray<KinesisStreamEvent> =>
  Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => ({
    Records: Array.from({ length: Math.min(BATCH, count - batch * BATCH) }, (__, nth) => {
      const { commit } = productCommit(tenant, batch * BATCH + nth)
      return kinesisRecordOf(destinationRecord(recordOf(commit), 'pk').data, String(nth + 1))
    }),
  }))

/**
 * Events a second from the feed's batches into the search index, one batch after the other; beside it the same documents, made beforehand, by
 * bulk requests of the same size.
 */
export const liveOpensearch = (opensearch: Engine, count: number): Case => ({
  name: 'live-opensearch',
  unit: 'events/s',
  prepare: async (cleanUp) => {
    const search = openSearchProducts({ node: opensearch.url, indexPrefix: 'live-' })
    cleanUp.defer(() => search.close())
    await search.prepare()
    const project = searchProjector({
      search,
      events: memoryEventStore(systemStamp()),
      parked: memoryViewStore(),
      commitOfImage,
      rebuilds: noRebuilds,
      log: silentLogger,
    })
    const { bulk } = await bareIndex(opensearch.url, 'bare-live', cleanUp)
    let round = 0
    return [
      {
        name: 'daybook',
        round: () => {
          round += 1
          const batches = batchesOf(`round-${round}`, count)
          return timed(count, async () => {
            for (const batch of batches) {
              const { batchItemFailures } = await project(batch)
              if (batchItemFailures.length > 0) throw new Error('the projector failed on a batch')
            }
          })
        },
      },
      {
        name: 'bare',
        round: () => {
          const documents = Array.from({ length: count }, (_, nth) => productOf(nth))
          return timed(count, async () => {
            for (let at = 0; at < count; at += BATCH) await bulk(`round-${round}`, documents.slice(at, at + BATCH))
          })
        },
      },
    ]
  },
})
