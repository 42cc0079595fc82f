import type { DynamoDBRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { isOffloaded } from '../infra/event-store/item.ts'
import { type Commit, CorruptCommit, type EventStore, type StreamName } from '../infra/event-store/port.ts'
import { type CommitOfImage, type Ring, ringOf } from './doorbell.ts'
import { noStream } from './no-stream.ts'

/** A record of a feed, under what the feed calls it; or why it cannot be read. */
export type Told = { readonly id: string; readonly record: E.Either<string, DynamoDBRecord> }

/** A commit that nobody can have: its record cannot be read, or its stored copy cannot be trusted. */
export type Untold = { readonly stream: StreamName; readonly version: number; readonly error: string }

type ToldCommitDeps = {
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  /** Which types of streams are wanted; commits of others count as none. */
  readonly reads: (streamType: string) => boolean
}

/** The event store's own copy of a commit. */
const storedCommit = async (
  events: ToldCommitDeps['events'],
  { stream, version }: Ring,
): Promise<E.Either<Untold, Commit>> => {
  try {
    for await (const { commit } of events.read(stream, { after: version - 1, through: version })) return E.right(commit)
    return E.left({ stream, version, error: 'the event store does not have it' })
  } catch (error) {
    if (!(error instanceof CorruptCommit)) throw error
    return E.left({ stream, version, error: error.message })
  }
}

/**
 * The commit that a record brings along; or that it rings for (a large one, or one whose image cannot be trusted), from the event
 * store. Null where it tells of none that is wanted. Rejects when the event store is away.
 */
export const toldCommit = async (
  { events, commitOfImage, reads }: ToldCommitDeps,
  { id, record }: Told,
): Promise<E.Either<Untold, Commit | null>> => {
  if (E.isLeft(record)) return E.left({ stream: noStream(id), version: 0, error: record.left })
  const { eventName, dynamodb } = record.right
  if (eventName !== 'INSERT') return E.right(null)
  const ring = ringOf(record.right)
  if (ring === undefined) {
    return E.left({ stream: noStream(id), version: 0, error: 'record names no stream and version' })
  }
  if (!reads(ring.stream.type)) return E.right(null)
  const image = commitOfImage(dynamodb?.NewImage ?? {})
  return E.isLeft(image) || isOffloaded(image.right) ? storedCommit(events, ring) : E.right(image.right)
}
