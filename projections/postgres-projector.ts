import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Commit } from '../infra/event-store/port.ts'
import type { Rebuilds } from '../infra/rebuild/port.ts'
import { type CommitOfImage, type Doorbell, doorbellsOf } from './doorbell.ts'
import { reasonOf } from './log.ts'
import { noStream } from './no-stream.ts'
import { type ProjectDeps, project } from './project.ts'
import type { ReadModel } from './read-model.ts'
import { type EventCodecs, type RecordedEventsOf, recordedEventsOf } from './recorded.ts'

export type PostgresProjectorDeps = ProjectDeps & {
  readonly projections: ReadonlyArray<ReadModel>
  /** Of the events in all streams that the projections read. */
  readonly codecs: EventCodecs
  readonly commitOfImage: CommitOfImage
  /** Opens what is sealed in commits that a feed brought; without it, nothing is. `events` hands out opened ones. */
  readonly open?: (commits: ReadonlyArray<Commit>) => Promise<ReadonlyArray<Commit>>
  readonly rebuilds: Rebuilds
}

/** A stream type that was forgotten would park every one of its streams: better said at the start. */
const assertDecodable = ({ projections, codecs }: Pick<PostgresProjectorDeps, 'projections' | 'codecs'>): void => {
  for (const { name, streamTypes } of projections) {
    const unknown = streamTypes.find((type) => !Object.hasOwn(codecs, type))
    if (unknown !== undefined) throw new TypeError(`no codec for the streams of type ${unknown} that ${name} reads`)
  }
}

/** Several projections read one commit: its events are decoded once. */
const decodingOnce = (decode: RecordedEventsOf): RecordedEventsOf => {
  const decoded = new WeakMap<Commit, ReturnType<RecordedEventsOf>>()
  return (commit) => {
    const recorded = decoded.get(commit) ?? decode(commit)
    decoded.set(commit, recorded)
    return recorded
  }
}

/** While a view is rebuilt, the rebuild is told of the streams before the serving view changes. */
const projectTo = async (
  deps: PostgresProjectorDeps,
  model: ReadModel,
  doorbells: ReadonlyArray<Doorbell>,
  rebuilding: ReadonlySet<string>,
  decode: RecordedEventsOf,
): Promise<void> => {
  if (doorbells.length === 0) return
  if (rebuilding.has(model.name)) await deps.rebuilds.ring(model.name, doorbells)
  await project(deps, model, doorbells, decode)
}

/** All commits of a batch are opened at once: one question about their keys. */
const openedBy = async (
  open: PostgresProjectorDeps['open'],
  doorbells: ReadonlyArray<Doorbell>,
): Promise<ReadonlyArray<Doorbell>> => {
  if (open === undefined) return doorbells
  const opened = await open(doorbells.flatMap(({ commits }) => commits))
  let at = 0
  return doorbells.map((doorbell) => {
    const from = at
    at += doorbell.commits.length
    return { ...doorbell, commits: opened.slice(from, at) }
  })
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
    const underWay = deps.rebuilds.underWay()
    // Whoever awaits it meets its fault, but perhaps not before the commits are opened.
    underWay.catch(() => undefined)
    const opened = openedBy(deps.open, doorbells)
    const outcomes = await Promise.all(
      deps.projections.map(async (model) => {
        const isConcerned = ({ stream }: Doorbell): boolean => model.streamTypes.includes(stream.type)
        try {
          await projectTo(deps, model, (await opened).filter(isConcerned), await underWay, decode)
          return true
        } catch (error) {
          deps.log.warn('projection failed, its batch is to come again', {
            projection: model.name,
            streams: doorbells.filter(isConcerned).length,
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
