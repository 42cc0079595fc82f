import { hash } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { type ObjectStorage, ObjectStorageFault } from '../objects/port.ts'
import {
  commitOfImage,
  type EventsObject,
  type Image,
  isOffloaded,
  type Kept,
  type Offloaded,
  offloadedCommit,
} from './item.ts'
import { partitionKeyOf } from './keys.ts'
import { INLINE_LIMIT, tooLarge } from './limits.ts'
import { objectKeyOf } from './object-key.ts'
import { pack } from './packing.ts'
import { type Commit, type CommitTooLarge, CorruptCommit, EventStoreFault, type StreamName } from './port.ts'

export type LargeCommits = {
  /**
   * Decides where a command's events go, and has written them when it resolves, if they go to object storage. Called before the
   * commit gets its time, so that a slow upload does not make commits appear late behind others of their time.
   */
  readonly keep: (stream: StreamName, eventsText: string) => Promise<E.Either<CommitTooLarge, Kept>>
  /** The commit of an item whose events are in object storage. Throws `EventStoreFault` when that is away. */
  readonly fetched: (offloaded: Offloaded) => Promise<E.Either<CorruptCommit, Commit>>
  /** The commit of an item, wherever its events are. Throws `CorruptCommit` and, when object storage is away, `EventStoreFault`. */
  readonly commitOf: (image: Image) => Promise<Commit>
}

const sha256Of = (bytes: Uint8Array): string => hash('sha256', bytes)

const fault = (doing: string, stream: StreamName, cause: unknown): unknown =>
  cause instanceof ObjectStorageFault
    ? new EventStoreFault(
        `${doing} large events of ${partitionKeyOf(stream)} failed: ${cause.message}`,
        'unavailable',
        {
          cause,
        },
      )
    : cause

const written = async (objects: ObjectStorage, stream: StreamName, packed: Uint8Array): Promise<EventsObject> => {
  const sha256 = sha256Of(packed)
  const key = objectKeyOf(stream, sha256)
  await objects.put(key, packed).catch((error) => {
    throw fault('writing', stream, error)
  })
  return { key, sha256, size: packed.byteLength }
}

const bytesOf = async (
  objects: ObjectStorage,
  { header, object }: Offloaded,
): Promise<E.Either<string, Uint8Array>> => {
  const { key, size, sha256 } = object
  const got = await objects.get(key, size).catch((error) => {
    throw fault('reading', header.stream, error)
  })
  if (E.isLeft(got)) {
    return E.left(
      got.left._tag === 'ObjectMissing'
        ? `object ${key} with its events is missing`
        : `object ${key} has ${got.left.size} bytes instead of ${size}`,
    )
  }
  if (got.right.byteLength !== size) {
    return E.left(`object ${key} has ${got.right.byteLength} bytes instead of ${size}`)
  }
  return sha256Of(got.right) === sha256 ? got : E.left(`object ${key} is not what was written: its SHA-256 differs`)
}

const fetched = async (
  objects: ObjectStorage | undefined,
  offloaded: Offloaded,
): Promise<E.Either<CorruptCommit, Commit>> => {
  const { stream, version } = offloaded.header
  if (objects === undefined) {
    throw new EventStoreFault(
      `events of ${partitionKeyOf(stream)}@${version} lie in object storage, and none is set up`,
      'refused',
    )
  }
  const bytes = await bytesOf(objects, offloaded)
  const commit = E.isLeft(bytes) ? bytes : offloadedCommit(offloaded, bytes.right)
  return E.isLeft(commit) ? E.left(new CorruptCommit(stream, version, commit.left)) : commit
}

/**
 * Keeps the events of commits that are large for an item in object storage, packed, under the SHA-256 of their bytes. The
 * commit's own hash covers their canonical text, wherever they are.
 */
export const largeCommits = (objects: ObjectStorage | undefined): LargeCommits => ({
  keep: async (stream, eventsText) => {
    const large = tooLarge(eventsText)
    if (large) return E.left(large)
    if (Buffer.byteLength(eventsText, 'utf8') <= INLINE_LIMIT) return E.right({})
    const packed = pack(eventsText)
    return objects === undefined || packed.byteLength <= INLINE_LIMIT
      ? E.right({ packed })
      : E.right({ object: await written(objects, stream, packed) })
  },
  fetched: (offloaded) => fetched(objects, offloaded),
  commitOf: async (image) => {
    const found = commitOfImage(image)
    if (E.isLeft(found)) throw found.left
    if (!isOffloaded(found.right)) return found.right
    const commit = await fetched(objects, found.right)
    if (E.isLeft(commit)) throw commit.left
    return commit.right
  },
})
