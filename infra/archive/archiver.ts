import * as E from 'fp-ts/lib/Either.js'
import type { CommitOfImage } from '../../projections/doorbell.ts'
import { type Log, reasonOf } from '../../projections/log.ts'
import { type Told, toldCommit, type Untold } from '../../projections/told-commit.ts'
import type { Commit, EventStore } from '../event-store/port.ts'
import type { ParkedStreams } from '../views/port.ts'
import type { Archive } from './archive.ts'

/** Under this name it parks streams. */
export const ARCHIVE = 'archive'

export type ArchiverDeps = {
  readonly archive: Archive
  readonly events: Pick<EventStore, 'read'>
  readonly commitOfImage: CommitOfImage
  readonly parked: Pick<ParkedStreams, 'park'>
  readonly log: Log
}

const park = async ({ parked, log }: ArchiverDeps, { stream, version, error }: Untold): Promise<void> => {
  log.error('a commit cannot be archived', { ...stream, version, reason: error })
  await parked.park({ projection: ARCHIVE, stream, version, error })
}

/** What a record tells to archive; nothing, and its stream parked, where that cannot be trusted. */
const commitsOf = async (deps: ArchiverDeps, told: Told): Promise<ReadonlyArray<Commit>> => {
  const commit = await toldCommit({ ...deps, reads: () => true }, told)
  if (E.isRight(commit)) return commit.right === null ? [] : [commit.right]
  await park(deps, commit.left)
  return []
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
