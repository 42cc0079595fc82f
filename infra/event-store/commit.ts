import { ulidBehind, ulidTime } from '../ulids.ts'
import { storableText } from './draft.ts'
import { hashOf } from './hash.ts'
import { ClockFault, type Commit, type Draft, lastVersion, type Position } from './port.ts'
import { positionAt } from './position.ts'

/** Where a writer's clock and ids come from: `ulid` makes a ULID of a time in milliseconds, or of a later one. */
export type Stamp = {
  readonly clock: () => Date
  readonly ulid: (time: number) => string
  /** The writer's place in a trace (W3C Trace Context), where it is traced. */
  readonly traceparent?: () => string | undefined
}

/**
 * A commit ready to store, with the canonical text of its events. `traceparent` is stored beside the commit, for whoever the feeds
 * bring it to: it is no part of it, and no hash covers it.
 */
export type Sealed = { readonly commit: Commit; readonly eventsText: string; readonly traceparent?: string | undefined }

/** A commit further ahead of the writer's clock is not appended behind; AWS refuses requests signed that far off, too. */
const MAX_AHEAD_MS = 5 * 60_000

/** The id that goes behind `position`: ids of a stream ascend, whatever its writers' clocks say. */
const idBehind = (position: Position, { clock, ulid }: Stamp): string => {
  const now = clock().getTime()
  const ahead = ulidTime(position.commitId) - now
  if (ahead > MAX_AHEAD_MS) {
    const { tenant, type, id } = position.stream
    throw new ClockFault(`the last commit of ${tenant}/${type}/${id} lies ${ahead} ms ahead of this clock`)
  }
  return ulidBehind(position.commitId, ulid(now))
}

/**
 * Turns a draft into the commit that goes behind `position`. Its time is that of its id: the writer's clock, or the previous
 * commit's time if that is later. `eventsText` is the draft's, where it was made before; else throws `InvalidDraft` like
 * `storableText`. Throws `ClockFault` behind a commit that lies more than five minutes ahead.
 */
export const seal = (
  position: Position,
  draft: Draft,
  stamp: Stamp,
  eventsText = storableText(position.stream, draft),
): Sealed => {
  const commitId = idBehind(position, stamp)
  const unhashed = {
    stream: position.stream,
    version: position.version + 1,
    commitId,
    commandId: draft.commandId,
    fingerprint: draft.fingerprint,
    actor: draft.actor,
    correlationId: draft.correlationId,
    causationId: draft.causationId,
    time: new Date(ulidTime(commitId)).toISOString(),
    events: draft.events,
    previousHash: position.hash,
  }
  return {
    commit: { ...unhashed, hash: hashOf(unhashed, eventsText) },
    eventsText,
    traceparent: stamp.traceparent?.(),
  }
}

export const positionBehind = (commit: Commit): Position =>
  positionAt(commit.stream, lastVersion(commit), commit.hash, commit.commitId)
