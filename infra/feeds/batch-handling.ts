import { delayOf, pause } from './bell.ts'
import { deliver, type GivenUp, type Outcome } from './delivery.ts'
import type { MappingConfig } from './mapping-config.ts'
import { firstFailure } from './outcome.ts'
import { type FeedRecord, reasonOf, type StreamIdentity } from './port.ts'
import type { ConsumerPositions } from './positions.ts'
import type { ShardProgress } from './progress.ts'

/** One shard of a running mapping. */
export type ShardContext<P, Event> = {
  readonly config: MappingConfig<P, Event>
  readonly identity: StreamIdentity
  readonly shardId: string
  readonly positions: ConsumerPositions
  readonly progress: ShardProgress
  /** Runs a handler when it is this shard's turn. */
  readonly inTurn: <A>(work: () => Promise<A>) => Promise<A>
  readonly signal: AbortSignal
}

/** Calls the handler; a throw fails the whole batch. */
const invoke = async <P, Event>(
  { config, identity, shardId, progress }: ShardContext<P, Event>,
  records: ReadonlyArray<FeedRecord<P>>,
): Promise<Outcome> => {
  const attempt = async (): Promise<Outcome> => {
    const response = await config.handler(config.toEvent(records, { shardId, arn: identity.arn }))
    const numbers = records.map(({ sequenceNumber }) => sequenceNumber)
    return { failedAt: firstFailure(numbers, response), reason: 'the handler answered batchItemFailures' }
  }
  const outcome = await attempt().catch((error: unknown): Outcome => ({ failedAt: 0, reason: reasonOf(error) }))
  if (outcome.failedAt === records.length) progress.recovered()
  else {
    progress.failed(outcome.reason)
    config.log.warn('delivery failed', { mapping: config.name, shardId, records: records.length, ...outcome })
  }
  return outcome
}

/** Hands discarded records to the on-failure destination, again and again until it takes them. */
const discard = async <P, Event>(
  { config, identity: { arn }, shardId, progress, signal }: ShardContext<P, Event>,
  records: ReadonlyArray<FeedRecord<P>>,
  givenUp: GivenUp,
): Promise<boolean> => {
  const { name: mapping, log } = config
  log.error('records discarded', { mapping, shardId, records: records.length, ...givenUp })
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      await config.onFailure({ mapping, arn, shardId, records, ...givenUp, at: config.clock() })
      progress.discarded(records.length)
      return true
    } catch (error) {
      log.error('the on-failure destination took nothing', { mapping, shardId, reason: reasonOf(error) })
      await pause(delayOf(config.backoff, failures), signal)
    }
  }
  return false
}

/** Delivers one batch of a shard to its end, or until the mapping stops; saves the position as records are dealt with. */
export const handleBatch = <P, Event>(
  context: ShardContext<P, Event>,
  batch: ReadonlyArray<FeedRecord<P>>,
): Promise<void> => {
  const { config, positions, progress, shardId, signal, inTurn } = context
  const maximumAge = config.maximumRecordAgeInSeconds ?? -1
  return deliver(batch, config, {
    invoke: (records) => inTurn(() => invoke(context, records)),
    checkpoint: (last) => {
      positions.save(shardId, last.sequenceNumber)
      progress.passed(last)
    },
    isExpired: ({ arrivedAt }) => maximumAge >= 0 && config.clock() - arrivedAt > maximumAge * 1_000,
    discard: (records, givenUp) => discard(context, records, givenUp),
    pause: (ms) => pause(ms, signal),
    signal,
  })
}
