import { storableText } from './draft.ts'
import { hashOf } from './hash.ts'
import { type Commit, type Draft, lastVersion, type Position } from './port.ts'
import { positionAt } from './position.ts'

/** Where a writer's clock and ids come from. */
export type Stamp = { readonly clock: () => Date; readonly ulid: (time: number) => string }

/** A commit ready to store, with the canonical text of its events. */
export type Sealed = { readonly commit: Commit; readonly eventsText: string }

/**
 * Turns a draft into the commit that goes behind `position`. `eventsText` is the draft's, where it was made before; else throws
 * `InvalidDraft` like `storableText`.
 */
export const seal = (
  position: Position,
  draft: Draft,
  stamp: Stamp,
  eventsText = storableText(position.stream, draft),
): Sealed => {
  const now = stamp.clock()
  const unhashed = {
    stream: position.stream,
    version: position.version + 1,
    commitId: stamp.ulid(now.getTime()),
    commandId: draft.commandId,
    fingerprint: draft.fingerprint,
    actor: draft.actor,
    correlationId: draft.correlationId,
    causationId: draft.causationId,
    time: now.toISOString(),
    events: draft.events,
    previousHash: position.hash,
  }
  return { commit: { ...unhashed, hash: hashOf(unhashed, eventsText) }, eventsText }
}

export const positionBehind = (commit: Commit): Position => positionAt(commit.stream, lastVersion(commit), commit.hash)
