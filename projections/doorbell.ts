import type { DynamoDBRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { type Image, isOffloaded, type Offloaded } from '../infra/event-store/item.ts'
import { partitionKeyOf, streamOfPartitionKey } from '../infra/event-store/keys.ts'
import { type Commit, type CorruptCommit, lastVersion, type StreamName } from '../infra/event-store/port.ts'

/** What a feed says of one stream: these commits came along, and the stream reaches at least to version `through`. */
export type Doorbell = {
  readonly stream: StreamName
  /** As delivered: perhaps repeated, out of order or with gaps, and without the large ones. */
  readonly commits: ReadonlyArray<Commit>
  readonly through: number
}

export type Batch = {
  readonly doorbells: ReadonlyArray<Doorbell>
  /** Records that do not even name a stream and a version. */
  readonly unreadable: ReadonlyArray<DynamoDBRecord>
}

/** What a record's keys say: the stream has a commit whose first event has this version. */
export type Ring = { readonly stream: StreamName; readonly version: number }

/** Undefined where a record does not even name a stream and a version. */
export const ringOf = ({ dynamodb }: DynamoDBRecord): Ring | undefined => {
  const stream = streamOfPartitionKey(dynamodb?.Keys?.['pk']?.S ?? '')
  const version = Number(dynamodb?.Keys?.['sk']?.N)
  return stream !== undefined && Number.isSafeInteger(version) && version > 0 ? { stream, version } : undefined
}

/** Whether a record says which stream has grown, and to which version. */
export const namesStream = (record: DynamoDBRecord): boolean => ringOf(record) !== undefined

/** What a record's image tells: the commit; or only that its stream has grown, which is then read from the event store. */
export type CommitOfImage = (image: Image) => E.Either<CorruptCommit, Commit | Offloaded>

const ringing = (before: Doorbell, image: ReturnType<CommitOfImage>, version: number): Doorbell => {
  const rung = { ...before, through: Math.max(before.through, version) }
  // An image that cannot be trusted still rings: the event store knows whether its own copy can be.
  if (E.isLeft(image)) return rung
  // A large commit comes without its events, whose number nobody knows yet: reading through its first version brings it whole.
  if (isOffloaded(image.right)) return rung
  const commit = image.right
  return {
    ...before,
    commits: [...before.commits, commit],
    through: Math.max(before.through, lastVersion(commit)),
  }
}

/**
 * Sorts a batch of the event table's stream records by the streams that they are about. Streams of types that nobody
 * `reads` are left out before their images are decoded, and so is everything but insertions: commits never change.
 */
export const doorbellsOf = (
  records: ReadonlyArray<DynamoDBRecord>,
  reads: (streamType: string) => boolean,
  commitOfImage: CommitOfImage,
): Batch => {
  const doorbells = new Map<string, Doorbell>()
  const unreadable: DynamoDBRecord[] = []
  for (const record of records.filter(({ eventName }) => eventName === 'INSERT')) {
    const ring = ringOf(record)
    if (ring === undefined) unreadable.push(record)
    else if (reads(ring.stream.type)) {
      const key = partitionKeyOf(ring.stream)
      const before = doorbells.get(key) ?? { stream: ring.stream, commits: [], through: 0 }
      doorbells.set(key, ringing(before, commitOfImage(record.dynamodb?.NewImage ?? {}), ring.version))
    }
  }
  return { doorbells: [...doorbells.values()], unreadable }
}
