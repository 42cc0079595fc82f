import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Commit, EventStore } from '../infra/event-store/port.ts'
import type { ViewStore } from '../infra/views/port.ts'
import { apply } from './apply.ts'
import { type CommitOfImage, type Doorbell, doorbellsOf } from './doorbell.ts'
import { type Log, reasonOf } from './log.ts'
import { noStream } from './no-stream.ts'
import { pendingOf } from './pending.ts'
import type { ReadModel } from './read-model.ts'
import { type EventCodecs, type RecordedEventsOf, recordedEventsOf } from './recorded.ts'

export type PostgresProjectorDeps = {
  readonly projections: ReadonlyArray<ReadModel>
  /** Of the events in all streams that the projections read. */
  readonly codecs: EventCodecs
  readonly views: ViewStore
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  readonly log: Log
}

/** A stream type that was forgotten would park every one of its streams: better said at the start. */
const assertDecodable = ({ projections, codecs }: Pick<PostgresProjectorDeps, 'projections' | 'codecs'>): void => {
  for (const { name, streamTypes } of projections) {
    const unknown = streamTypes.find((type) => !Object.hasOwn(codecs, type))
    if (unknown !== undefined) throw new TypeError(`no codec for the streams of type ${unknown} that ${name} reads`)
  }
}

/** Losing against another projector this often in a row is no accident: the batch comes again later. */
const RACES = 10

/** Several projections read one commit: its events are decoded once. */
const decodingOnce = (decode: RecordedEventsOf): RecordedEventsOf => {
  const decoded = new WeakMap<Commit, ReturnType<RecordedEventsOf>>()
  return (commit) => {
    const recorded = decoded.get(commit) ?? decode(commit)
    decoded.set(commit, recorded)
    return recorded
  }
}

const project = async (
  deps: PostgresProjectorDeps,
  model: ReadModel,
  doorbells: ReadonlyArray<Doorbell>,
  decode: RecordedEventsOf,
): Promise<void> => {
  const streams = doorbells.map(({ stream }) => stream)
  if (streams.length === 0) return
  for (let race = 0; race < RACES; race += 1) {
    const progress = await deps.views.progress(model.name, streams)
    const pending = await Promise.all(
      doorbells.flatMap((doorbell, index) => {
        const { checkpoint, parked } = progress[index] ?? { checkpoint: 0, parked: false }
        return parked ? [] : [pendingOf(model, deps.events, decode, doorbell, checkpoint)]
      }),
    )
    if ((await apply({ ...deps, model }, pending)) === 'done') return
  }
  throw new Error(`lost ${RACES} races against other projectors`)
}

/** An item that is no commit concerns nobody's view, but somebody put it there: it is parked under its own event id. */
const parkUnreadable = async (
  { projections, views, log }: PostgresProjectorDeps,
  unreadable: ReadonlyArray<DynamoDBRecord>,
): Promise<void> => {
  for (const { eventID = '', dynamodb } of unreadable) {
    const error = `record names no stream: ${JSON.stringify(dynamodb?.Keys)}`
    log.error('record parked', { eventId: eventID, reason: error })
    for (const { name } of projections)
      await views.park({ projection: name, stream: noStream(eventID), version: 0, error })
  }
}

const failuresAt = (record: DynamoDBRecord | undefined): DynamoDBBatchResponse => ({
  // An identifier that names no record fails the whole batch (AWS Lambda, partial batch responses).
  batchItemFailures: record ? [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] : [],
})

/**
 * Handles a batch of the event table's stream: one transaction per projection, the projections side by side, so that one
 * at fault holds up no other. A batch may repeat or reorder what earlier ones brought. When an engine is away it fails from its
 * first record on, and the whole batch is to be delivered again; a stream at fault is parked and fails nothing, and so is a record
 * that names no stream. Throws, before any batch, when there is no codec for streams that a projection reads.
 */
export const postgresProjector = (
  deps: PostgresProjectorDeps,
): ((event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>) => {
  assertDecodable(deps)
  const recordedEvents = recordedEventsOf(deps.codecs)
  const reads = (streamType: string) => deps.projections.some(({ streamTypes }) => streamTypes.includes(streamType))
  return async ({ Records: records }) => {
    const { doorbells, unreadable } = doorbellsOf(records, reads, deps.commitOfImage)
    const decode = decodingOnce(recordedEvents)
    const outcomes = await Promise.all(
      deps.projections.map(async (model) => {
        const concerned = doorbells.filter(({ stream }) => model.streamTypes.includes(stream.type))
        try {
          await project(deps, model, concerned, decode)
          return true
        } catch (error) {
          deps.log.warn('projection failed, its batch is to come again', {
            projection: model.name,
            streams: concerned.length,
            reason: reasonOf(error),
          })
          return false
        }
      }),
    )
    if (outcomes.includes(false)) return failuresAt(records[0])
    return parkUnreadable(deps, unreadable).then(
      () => ({ batchItemFailures: [] }),
      () => failuresAt(records[0]),
    )
  }
}
