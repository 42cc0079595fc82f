import type { DynamoDBRecord, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../infra/event-store/item.ts'
import { partitionKeyOf } from '../infra/event-store/keys.ts'
import type { Commit, CorruptCommit, EventStore, StreamName } from '../infra/event-store/port.ts'
import type { ProductDocuments, ProductKey } from '../infra/search/port.ts'
import type { ParkedStreams } from '../infra/views/port.ts'
import { tableRecordOf } from './destination-records.ts'
import { type Doorbell, doorbellsOf } from './doorbell.ts'
import { type Log, reasonOf } from './log.ts'
import { pendingOf, type Stuck } from './pending.ts'
import { readModel } from './read-model.ts'
import { recordedEventsOf } from './recorded.ts'
import { type Moved, moved } from './search-document.ts'
import { productSearch } from './views/product-search.ts'

export type SearchProjectorDeps = {
  readonly search: ProductDocuments
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: (image: Image) => E.Either<CorruptCommit, Commit>
  readonly parked: Pick<ParkedStreams, 'park' | 'areParked'>
  readonly log: Log
}

const model = readModel(productSearch)
const reads = (streamType: string): boolean => model.streamTypes.includes(streamType)

const keyOf = ({ tenant, sku }: ProductKey): string => partitionKeyOf({ tenant, type: 'product', id: sku })

const park = async (
  { parked, log }: SearchProjectorDeps,
  stream: StreamName,
  { version, error }: Stuck,
): Promise<void> => {
  log.error('stream parked', { projection: model.name, ...stream, version, reason: error })
  await parked.park({ projection: model.name, stream, version, error })
}

/** The document itself is the checkpoint: it carries the version of its stream that it stands for. */
const moves = async (deps: SearchProjectorDeps, doorbells: ReadonlyArray<Doorbell>): Promise<ReadonlyArray<Moved>> => {
  const streams = doorbells.map(({ stream }) => stream)
  const parked = await deps.parked.areParked(model.name, streams)
  const free = doorbells.filter((_, index) => parked[index] !== true)
  const held = await deps.search.read(free.map(({ stream }) => ({ tenant: stream.tenant, sku: stream.id })))
  const heldByKey = new Map(held.map((product) => [keyOf(product), product]))
  return Promise.all(
    free.map(async (doorbell) => {
      const before = heldByKey.get(partitionKeyOf(doorbell.stream))
      const pending = await pendingOf(model, deps.events, recordedEventsOf, doorbell, before?.version ?? 0)
      return moved(before?.document ?? null, pending)
    }),
  )
}

/** Answers the keys of the streams whose documents the index could not take now. */
const project = async (deps: SearchProjectorDeps, doorbells: ReadonlyArray<Doorbell>): Promise<ReadonlySet<string>> => {
  if (doorbells.length === 0) return new Set()
  const moving = await moves(deps, doorbells)
  const failures = await deps.search.write(moving.flatMap(({ product }) => product ?? []))
  const failed = new Map(failures.map((failure) => [keyOf(failure), failure]))
  const again = new Set<string>()
  for (const move of moving) {
    const key = partitionKeyOf(move.stream)
    const failure = failed.get(key)
    if (failure?.retryable) {
      deps.log.warn('document not written, it is to come again', { ...move.stream, reason: failure.reason })
      again.add(key)
    } else {
      const stuck = failure ? { version: move.since, error: failure.reason } : move.stuck
      if (stuck) await park(deps, move.stream, stuck)
    }
  }
  return again
}

/** Tells which of the records are to be delivered again, because of what they say or because of an engine. */
const failing = async (deps: SearchProjectorDeps, records: ReadonlyArray<DynamoDBRecord | undefined>) => {
  const told = records.filter((record) => record !== undefined)
  const { doorbells, unreadable } = doorbellsOf(told, reads, deps.commitOfImage)
  for (const { eventName } of unreadable) deps.log.error('record names no stream and version', { eventName })
  const keys = new Set(doorbells.map(({ stream }) => partitionKeyOf(stream)))
  const again = await project(deps, doorbells).catch((error: unknown) => {
    deps.log.warn('projection failed, its batch is to come again', { projection: model.name, reason: reasonOf(error) })
    return keys
  })
  return (record: DynamoDBRecord | undefined): boolean =>
    record === undefined || unreadable.includes(record) || again.has(record.dynamodb?.Keys?.['pk']?.S ?? '')
}

/**
 * Handles a batch of DynamoDB's Kinesis destination, whose records may be repeated, late or out of order: one bulk write a
 * batch, of documents at their streams' versions, so that writing them again or late changes nothing. Answers the first record
 * that has to come again because an engine is away; the records behind it were handled nevertheless. A stream at fault is
 * parked and fails nothing. A record that names no stream cannot be parked: it fails, until the feed gives it up and reports it.
 */
export const searchProjector =
  (deps: SearchProjectorDeps): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
  async ({ Records: records }) => {
    const told = records.map((record) => {
      const read = tableRecordOf(record, reads)
      if (E.isRight(read)) return read.right
      const { sequenceNumber } = record.kinesis
      deps.log.error('record cannot be read', { projection: model.name, sequenceNumber, reason: read.left })
      return undefined
    })
    const fails = await failing(deps, told)
    const first = records[told.findIndex(fails)]
    return { batchItemFailures: first ? [{ itemIdentifier: first.kinesis.sequenceNumber }] : [] }
  }
