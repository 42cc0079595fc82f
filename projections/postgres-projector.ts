import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import type { Commit } from '../infra/event-store/port.ts'
import { type ProjectionMeasures, unmeasured } from '../infra/metrics/projection-measures.ts'
import type { Rebuilds } from '../infra/rebuild/port.ts'
import { following } from '../infra/tracing/spans.ts'
import { type CommitOfImage, type Doorbell, doorbellsOf } from './doorbell.ts'
import { reasonOf } from './log.ts'
import { noStream } from './no-stream.ts'
import { type ProjectDeps, project } from './project.ts'
import type { ReadModel } from './read-model.ts'
import { type EventCodecs, type RecordedEventsOf, recordedEventsOf } from './recorded.ts'
import { delivering, type TracedCommit, tracedIn } from './traced-commits.ts'

export type PostgresProjectorDeps = ProjectDeps & {
  readonly projections: ReadonlyArray<ReadModel>
  /** Of the events in all streams that the projections read. */
  readonly codecs: EventCodecs
  readonly commitOfImage: CommitOfImage
  /** Opens what is sealed in commits that a feed brought; without it, nothing is. `events` hands out opened ones. */
  readonly open?: (commits: ReadonlyArray<Commit>) => Promise<ReadonlyArray<Commit>>
  readonly rebuilds: Rebuilds
  /** Default: nothing is measured. */
  readonly measures?: ProjectionMeasures
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

/** What a batch brought, prepared once for all projections. */
type Brought = {
  readonly doorbells: ReadonlyArray<Doorbell>
  readonly traced: ReadonlyArray<TracedCommit>
  /** Names of the projections that are being rebuilt. */
  readonly rebuilding: ReadonlySet<string>
  readonly decode: RecordedEventsOf
}

/** While a view is rebuilt, the rebuild is told of the streams before the serving view changes. */
const projectTo = async (deps: PostgresProjectorDeps, model: ReadModel, bringing: Promise<Brought>): Promise<void> => {
  const { name, streamTypes } = model
  const batch = (deps.measures ?? unmeasured).begin(name)
  try {
    const { doorbells, traced, rebuilding, decode } = await bringing
    const concerned = doorbells.filter(({ stream }) => streamTypes.includes(stream.type))
    if (concerned.length === 0) return
    const origins = traced.flatMap(({ streamType, origin }) => (streamTypes.includes(streamType) ? [origin] : []))
    await following(`project ${name}`, { 'daybook.projection': name }, origins, async () => {
      if (rebuilding.has(name)) await deps.rebuilds.ring(name, concerned)
      await project(deps, model, concerned, decode)
    })
    batch.applied(concerned.flatMap(({ commits }) => commits))
  } catch (error) {
    batch.failed()
    throw error
  }
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

/** @param traced commits of the batch, and where in their traces it is dealt with. */
const bring = async (
  deps: PostgresProjectorDeps,
  doorbells: ReadonlyArray<Doorbell>,
  traced: ReadonlyArray<TracedCommit>,
  decode: RecordedEventsOf,
): Promise<Brought> => {
  const [opened, rebuilding] = await Promise.all([openedBy(deps.open, doorbells), deps.rebuilds.underWay()])
  return { doorbells: opened, traced, rebuilding, decode }
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
  const projectAll = async (doorbells: ReadonlyArray<Doorbell>, bringing: Promise<Brought>): Promise<boolean> => {
    const outcomes = await Promise.all(
      deps.projections.map((model) =>
        projectTo(deps, model, bringing).then(
          () => true,
          (error: unknown) => {
            deps.log.warn('projection failed, its batch is to come again', {
              projection: model.name,
              streams: doorbells.filter(({ stream }) => model.streamTypes.includes(stream.type)).length,
              reason: reasonOf(error),
            })
            return false
          },
        ),
      ),
    )
    return !outcomes.includes(false)
  }
  return async ({ Records: records }) => {
    const { doorbells, unreadable } = doorbellsOf(records, reads, deps.commitOfImage)
    const traced = tracedIn(records).filter(({ streamType }) => reads(streamType))
    const done = await delivering('views', records, traced, (within) =>
      projectAll(doorbells, bring(deps, doorbells, within, decodingOnce(recordedEvents))),
    )
    if (!done) return failuresAt(records[0])
    return parkUnreadable(deps, unreadable).then(
      () => ({ batchItemFailures: [] }),
      () => failuresAt(records[0]),
    )
  }
}
