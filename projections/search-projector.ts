import type { DynamoDBRecord, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { partitionKeyOf } from '../infra/event-store/keys.ts'
import type { EventStore, StreamName } from '../infra/event-store/port.ts'
import type { ProductDocuments, ProductKey } from '../infra/search/port.ts'
import type { ParkedStreams } from '../infra/views/port.ts'
import { tableRecordOf } from './destination-records.ts'
import { type CommitOfImage, type Doorbell, doorbellsOf, namesStream } from './doorbell.ts'
import { eventCodecs } from './event-codecs.ts'
import { type Log, reasonOf } from './log.ts'
import { noStream } from './no-stream.ts'
import { pendingOf, type Stuck } from './pending.ts'
import { readModel } from './read-model.ts'
import { recordedEventsOf } from './recorded.ts'
import { type Moved, moved } from './search-document.ts'
import { productSearch } from './views/product-search.ts'

export type SearchProjectorDeps = {
  readonly search: ProductDocuments
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  readonly parked: Pick<ParkedStreams, 'park' | 'areParked'>
  readonly log: Log
}

const model = readModel(productSearch)
const decode = recordedEventsOf(eventCodecs)
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
      const pending = await pendingOf(model, deps.events, decode, doorbell, before?.version ?? 0)
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

/** Tells which of the records are to be delivered again because an engine is away. */
const failing = async (deps: SearchProjectorDeps, doorbells: ReadonlyArray<Doorbell>) => {
  const again = await project(deps, doorbells).catch((error: unknown) => {
    deps.log.warn('projection failed, its batch is to come again', { projection: model.name, reason: reasonOf(error) })
    return new Set(doorbells.map(({ stream }) => partitionKeyOf(stream)))
  })
  return (record: DynamoDBRecord | null): boolean => again.has(record?.dynamodb?.Keys?.['pk']?.S ?? '')
}

/** What the feed says, record by record; null where it says nothing that can be read. */
type Told = { readonly sequenceNumber: string; readonly record: DynamoDBRecord | null; readonly error: string }

const told = ({ kinesis, ...rest }: KinesisStreamRecord): Told => {
  const { sequenceNumber } = kinesis
  const read = tableRecordOf({ kinesis, ...rest }, reads)
  if (E.isLeft(read)) return { sequenceNumber, record: null, error: read.left }
  return namesStream(read.right)
    ? { sequenceNumber, record: read.right, error: '' }
    : { sequenceNumber, record: null, error: 'record names no stream and version' }
}

/**
 * Handles a batch of DynamoDB's Kinesis destination, whose records may be repeated, late or out of order: one bulk write a
 * batch, of documents at their streams' versions, so that writing them again or late changes nothing. Answers the first record
 * that has to come again because an engine is away; the records behind it were handled nevertheless. A stream at fault is
 * parked and fails nothing, and so is a record that cannot be read.
 */
export const searchProjector =
  (deps: SearchProjectorDeps): ((event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) =>
  async ({ Records: records }) => {
    const all = records.map(told)
    const readable = all.flatMap(({ record }) => record ?? [])
    const fails = await failing(deps, doorbellsOf(readable, reads, deps.commitOfImage).doorbells)
    let first = all.find(({ record }) => fails(record))
    for (const each of all.filter(({ record }) => record === null)) {
      const { sequenceNumber, error } = each
      await park(deps, noStream(sequenceNumber), { version: 0, error }).catch(() => {
        first ??= all[0]
      })
    }
    return { batchItemFailures: first ? [{ itemIdentifier: first.sequenceNumber }] : [] }
  }
