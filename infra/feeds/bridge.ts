import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import { arrivalOf, type Batch, type Outlet, sendBatch, toBatch } from './bridge-batch.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Mapping, startMapping } from './mapping.ts'
import type { MappingConfig } from './mapping-config.ts'
import type { ConsumerPositions, Positions } from './positions.ts'

export type BridgeConfig = Pick<
  MappingConfig<_Record, unknown>,
  'name' | 'source' | 'positions' | 'poll' | 'backoff' | 'batchSize' | 'lookAheadEveryMs' | 'clock' | 'log'
> &
  Outlet & {
    /** Names of the mappings that read the Kinesis stream: a record is done when all of them have passed it. */
    readonly consumers: ReadonlyArray<string>
    /** Records that may be sent and not yet passed by all consumers, roughly (a batch may exceed it). */
    readonly maximumUnacknowledged: number
  }

export type Bridge = Mapping & {
  /** The positions that consumers of the Kinesis stream must use: what they save, the bridge takes for passed. */
  readonly consumerPositions: (positions: Positions) => Positions
  readonly unacknowledged: () => number
  /** What a consumer has yet to pass, from the source on. */
  readonly lagOf: (consumer: string) => Lag
}

/** Records that wait, and the oldest one's age (0 when none does). `moreUnread` as in a mapping's status. */
export type Lag = { readonly records: number; readonly lagMs: number; readonly moreUnread: boolean }

const acknowledging = (positions: Positions, ledger: Ledger): Positions => ({
  open: async (consumer, incarnation) => {
    const kept = await positions.open(consumer, incarnation)
    return {
      ...kept,
      save: (shardId, sequenceNumber) => {
        kept.save(shardId, sequenceNumber)
        ledger.passed(consumer, { shardId, sequenceNumber })
      },
    }
  },
})

/**
 * Sends a DynamoDB stream to Kinesis, in the record format of DynamoDB's own Kinesis destination, which the embedded engine
 * lacks. The embedded Kinesis forgets everything when it stops, so the bridge's saved position follows its consumers: it moves
 * past a record only when all of them have passed it. What they had not is sent again after a restart.
 */
export const startBridge = (config: BridgeConfig): Bridge => {
  let kept: ConsumerPositions | null = null
  const ledger = createLedger(config.consumers, config.maximumUnacknowledged, (shardId, sequenceNumber) =>
    kept?.save(shardId, sequenceNumber),
  )
  const positions: Positions = {
    open: async (consumer, incarnation) => {
      const opened = await config.positions.open(consumer, incarnation)
      kept = opened
      return {
        load: (shardId) => {
          const position = opened.load(shardId)
          ledger.begin(shardId, position)
          return position
        },
        save: () => {},
        flush: opened.flush,
      }
    },
  }
  /** Batches that wait for room in the ledger. */
  const outside = new Set<Batch>()
  const handler = async (batch: Batch): Promise<void> => {
    outside.add(batch)
    await ledger.room().finally(() => outside.delete(batch))
    await sendBatch(config, ledger, batch)
  }
  const arrivedOutside = (): ReadonlyArray<number> =>
    [...outside].flatMap(({ shardId, records }) =>
      records.map(arrivalOf).flatMap((one) => (ledger.knows(shardId, one.sequenceNumber) ? [] : one.arrivedAt)),
    )
  const mapping = startMapping<_Record, Batch>({
    ...config,
    positions,
    toEvent: toBatch,
    handler,
    maximumRetryAttempts: -1,
    bisectBatchOnFunctionError: false,
    onFailure: async () => {},
  })
  return {
    ...mapping,
    stop: () => {
      ledger.close()
      return mapping.stop()
    },
    consumerPositions: (inner) => acknowledging(inner, ledger),
    unacknowledged: ledger.unacknowledged,
    lagOf: (consumer) => {
      const { unread, moreUnread, lagMs } = mapping.status()
      const arrivals = [...ledger.waitingFor(consumer), ...arrivedOutside()]
      const now = config.clock()
      const known = arrivals.reduce((oldest, arrivedAt) => Math.max(oldest, now - arrivedAt), 0)
      return { records: arrivals.length + unread, lagMs: unread > 0 ? Math.max(known, lagMs) : known, moreUnread }
    },
  }
}
