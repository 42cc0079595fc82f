import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { tableRecordOf } from '../../projections/destination-records.ts'
import type { CommitOfImage } from '../../projections/doorbell.ts'
import { type Log, reasonOf } from '../../projections/log.ts'
import { type Told, toldCommit, type Untold } from '../../projections/told-commit.ts'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import type { Pauses } from '../decorrelated-jitter.ts'
import type { EventStore } from '../event-store/port.ts'
import { type CloudEventsDeps, cloudEventsOf } from './cloud-events.ts'
import { putInOrder } from './in-order.ts'
import type { EventBus } from './port.ts'

export type RelayDeps<E extends { readonly type: string; readonly schemaVersion: number }> = CloudEventsDeps<E> & {
  readonly bus: EventBus
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  readonly pauses: Pauses
  readonly log: Log
  /** Counts what was logged as refused: it will never be relayed, unless somebody does something. */
  readonly onRefused: () => void
}

/** Bytes of events that are held at a time, or a single commit's. */
const HELD = 16 * 1024 * 1024

/**
 * Relays what DynamoDB's Kinesis destination tells to a bus: at least once, the events of a stream in the order in which the feed brings
 * them. Answers the first record that has to come again because an engine is away. What can never be relayed (a record that cannot be
 * read, a commit that cannot be trusted or is not known, an event that is too large) is refused: logged, counted, and passed.
 */
export const kinesisRelay = <Ev extends { readonly type: string; readonly schemaVersion: number }>(
  deps: RelayDeps<Ev>,
): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) => {
  const { log, codecs } = deps
  const eventsOf = cloudEventsOf(deps)
  const reads = (streamType: string): boolean => Object.hasOwn(codecs, streamType)

  const refuse = ({ stream, version, error }: Untold): void => {
    log.error('not relayed', { ...stream, version, reason: error })
    deps.onRefused()
  }
  const inOrder = {
    ...deps,
    onRefused: ({ tenant, subject, id, streamversion }: CloudEvent, reason: string) => {
      log.error('not relayed', { tenant, subject, version: streamversion, eventId: id, reason })
      deps.onRefused()
    },
    onFailed: (events: number, reason: string) => log.warn('the bus failed', { events, reason }),
  }

  const told = async (record: Told): Promise<ReadonlyArray<CloudEvent>> => {
    const commit = await toldCommit({ ...deps, reads }, record)
    if (E.isLeft(commit)) refuse(commit.left)
    if (E.isLeft(commit) || commit.right === null) return []
    const events = eventsOf(commit.right)
    if (E.isRight(events)) return events.right
    refuse({ stream: commit.right.stream, version: events.left.version, error: events.left.reason })
    return []
  }

  /** By event, the record that told of it. Answers the first record of which something was not sent. */
  const relay = async (piece: ReadonlyMap<CloudEvent, string>): Promise<string | undefined> => {
    const unsent = await putInOrder(inOrder, [...piece.keys()])
    return [...piece].find(([event]) => unsent.has(event))?.[1]
  }

  /** Answers the first record that is to come again. */
  const relayAll = async (batch: ReadonlyArray<Told>): Promise<string | undefined> => {
    let piece = new Map<CloudEvent, string>()
    let held = 0
    for (const record of batch) {
      const events = await told(record).catch((error: unknown) => {
        log.warn('the event store failed', { reason: reasonOf(error) })
        return null
      })
      if (events === null) return (await relay(piece)) ?? record.id
      for (const event of events) piece.set(event, record.id)
      held += JSON.stringify(events).length
      if (held < HELD) continue
      const failed = await relay(piece)
      if (failed !== undefined) return failed
      piece = new Map()
      held = 0
    }
    return relay(piece)
  }

  return async ({ Records: records }) => {
    const batch = records.map((record) => ({
      id: record.kinesis.sequenceNumber,
      record: tableRecordOf(record, reads),
    }))
    const failed = await relayAll(batch)
    return { batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: failed }] }
  }
}
