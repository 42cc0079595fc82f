import type { DynamoDBRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { type CommitOfImage, type Ring, ringOf } from '../../projections/doorbell.ts'
import { type Log, reasonOf } from '../../projections/log.ts'
import { noStream } from '../../projections/no-stream.ts'
import { isOffloaded } from '../event-store/item.ts'
import { type Commit, CorruptCommit, type EventStore, type StreamName } from '../event-store/port.ts'
import type { ParkedStreams } from '../views/port.ts'
import type { Archive } from './archive.ts'

/** Under this name it parks streams. */
const ARCHIVE = 'archive'

export type ArchiverDeps = {
  readonly archive: Archive
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  readonly parked: Pick<ParkedStreams, 'park'>
  readonly log: Log
}

/** A record of a feed, under what the feed calls it; or why it cannot be read. */
export type Told = { readonly id: string; readonly record: E.Either<string, DynamoDBRecord> }

const park = async (
  { parked, log }: ArchiverDeps,
  stream: StreamName,
  version: number,
  error: string,
): Promise<void> => {
  log.error('a commit cannot be archived', { ...stream, version, reason: error })
  await parked.park({ projection: ARCHIVE, stream, version, error })
}

/** The event store's own copy of a commit; none, and the stream parked, where it cannot be trusted. */
const storedCommit = async (deps: ArchiverDeps, { stream, version }: Ring): Promise<ReadonlyArray<Commit>> => {
  try {
    for await (const { commit } of deps.events.read(stream, { after: version - 1, through: version })) return [commit]
    await park(deps, stream, version, 'the event store does not have it')
  } catch (error) {
    if (!(error instanceof CorruptCommit)) throw error
    await park(deps, stream, version, error.message)
  }
  return []
}

/** The commit that a record brings along, or that it rings for: a large one, or one whose image cannot be trusted. */
const commitsOf = async (deps: ArchiverDeps, { id, record }: Told): Promise<ReadonlyArray<Commit>> => {
  if (E.isLeft(record)) {
    await park(deps, noStream(id), 0, record.left)
    return []
  }
  const { eventName, dynamodb } = record.right
  if (eventName !== 'INSERT') return []
  const ring = ringOf(record.right)
  if (ring === undefined) {
    await park(deps, noStream(id), 0, 'record names no stream and version')
    return []
  }
  const image = deps.commitOfImage(dynamodb?.NewImage ?? {})
  return E.isLeft(image) || isOffloaded(image.right) ? storedCommit(deps, ring) : [image.right]
}

/** Characters of events that are held at a time, or a single commit's: images unpack, and large commits are fetched. */
const HELD = 16 * 1024 * 1024

const archiveAll = async (deps: ArchiverDeps, told: ReadonlyArray<Told>): Promise<void> => {
  let held: Commit[] = []
  let size = 0
  for (const each of told) {
    for (const commit of await commitsOf(deps, each)) {
      held.push(commit)
      size += JSON.stringify(commit.events).length
    }
    if (size < HELD) continue
    await deps.archive.add(held)
    held = []
    size = 0
  }
  await deps.archive.add(held)
}

/**
 * Archives every commit that the records tell of, whichever tenant's and type it is. Answers the record from which on all are to come
 * again because an engine is away: the first one, since adding a commit twice changes nothing. A commit that can never be archived
 * is parked, and so is a record that cannot be read.
 */
export const archiveTold = async (
  deps: ArchiverDeps,
  told: ReadonlyArray<Told>,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
  try {
    await archiveAll(deps, told)
    return { batchItemFailures: [] }
  } catch (error) {
    deps.log.warn('archiving failed, its batch is to come again', { reason: reasonOf(error) })
    return { batchItemFailures: told.slice(0, 1).map(({ id }) => ({ itemIdentifier: id })) }
  }
}
