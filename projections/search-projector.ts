import type { DynamoDBRecord, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { partitionKeyOf } from '../infra/event-store/keys.ts'
import { type ProjectionMeasures, unmeasured } from '../infra/metrics/projection-measures.ts'
import type { Rebuilds } from '../infra/rebuild/port.ts'
import { following } from '../infra/tracing/spans.ts'
import { tableRecordOf } from './destination-records.ts'
import { type CommitOfImage, type Doorbell, doorbellsOf, namesStream } from './doorbell.ts'
import { reasonOf } from './log.ts'
import { noStream } from './no-stream.ts'
import { parkProduct, projectProducts, type SearchProjectDeps } from './search-project.ts'
import { delivering, type TracedCommit, tracedIn } from './traced-commits.ts'
import { productSearch } from './views/product-search.ts'

export type SearchProjectorDeps = SearchProjectDeps & {
  readonly commitOfImage: CommitOfImage
  readonly rebuilds: Rebuilds
  /** Default: nothing is measured. */
  readonly measures?: ProjectionMeasures
}

const { name, streamTypes } = productSearch
const reads = (streamType: string): boolean => streamTypes.includes(streamType)

/** While the index is rebuilt, the rebuild is told of the streams before the serving index changes. */
const project = async (deps: SearchProjectorDeps, doorbells: ReadonlyArray<Doorbell>): Promise<ReadonlySet<string>> => {
  if ((await deps.rebuilds.underWay()).has(name)) await deps.rebuilds.ring(name, doorbells)
  return new Set((await projectProducts(deps, doorbells)).map(partitionKeyOf))
}

/** The keys of the streams that are to come again because an engine is away. */
const failing = async (
  deps: SearchProjectorDeps,
  doorbells: ReadonlyArray<Doorbell>,
  traced: ReadonlyArray<TracedCommit>,
): Promise<ReadonlySet<string>> => {
  if (doorbells.length === 0) return new Set()
  const batch = (deps.measures ?? unmeasured).begin(name)
  const origins = traced.map(({ origin }) => origin)
  const again = await following(`project ${name}`, { 'daybook.projection': name }, origins, () =>
    project(deps, doorbells),
  ).catch((error: unknown) => {
    deps.log.warn('projection failed, its batch is to come again', { projection: name, reason: reasonOf(error) })
    return new Set(doorbells.map(({ stream }) => partitionKeyOf(stream)))
  })
  if (again.size === 0) batch.applied(doorbells.flatMap(({ commits }) => commits))
  else batch.failed()
  return again
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
    const { doorbells } = doorbellsOf(readable, reads, deps.commitOfImage)
    const traced = tracedIn(readable).filter(({ streamType }) => reads(streamType))
    const again = await delivering('search', records, traced, (within) => failing(deps, doorbells, within))
    let first = all.find(({ record }) => again.has(record?.dynamodb?.Keys?.['pk']?.S ?? ''))
    for (const each of all.filter(({ record }) => record === null)) {
      const { sequenceNumber, error } = each
      await parkProduct(deps, noStream(sequenceNumber), { version: 0, error }).catch(() => {
        first ??= all[0]
      })
    }
    return { batchItemFailures: first ? [{ itemIdentifier: first.sequenceNumber }] : [] }
  }
