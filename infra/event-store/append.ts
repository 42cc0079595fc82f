import * as E from 'fp-ts/lib/Either.js'
import { positionBehind, type Sealed, type Stamp, seal } from './commit.ts'
import { storableText } from './draft.ts'
import { partitionKeyOf } from './keys.ts'
import { type Commit, type CommitTooLarge, type EventStore, EventStoreFault, type StreamName } from './port.ts'
import { assertMadeByStore } from './position.ts'

/** What became of one write under one stamp. */
export type PutOutcome =
  | { readonly _tag: 'Stored'; readonly commit: Commit }
  /** A commit stands in its place already: somebody else's, or what an earlier try of our own left. */
  | { readonly _tag: 'Taken'; readonly by: Commit }
  /** The stamp grew too old before an answer came. The write may have landed, or may still, and is not sent again. */
  | { readonly _tag: 'Unanswered' }
  | CommitTooLarge

export type AppendSteps<Kept> = {
  /** Done once, before the first stamp: what it takes makes no commit late. */
  readonly keep: (stream: StreamName, eventsText: string) => Promise<E.Either<CommitTooLarge, Kept>>
  readonly put: (sealed: Sealed, kept: Kept) => Promise<PutOutcome>
}

/** Stamps that one append takes before it gives up. */
const STAMPS = 3

/**
 * Appends by a conditional put, with a new stamp whenever the old one grew too old, so that no commit lands far behind its
 * time. Whatever try landed first is the commit: the others find it in their place and know it by its id.
 */
export const appending =
  <Kept>(stamp: Stamp, { keep, put }: AppendSteps<Kept>): EventStore['append'] =>
  async (position, draft) => {
    assertMadeByStore(position)
    const eventsText = storableText(position.stream, draft)
    const kept = await keep(position.stream, eventsText)
    if (E.isLeft(kept)) return kept
    const own = new Set<string>()
    for (let stamps = 1; stamps <= STAMPS; stamps += 1) {
      const sealed = seal(position, draft, stamp, eventsText)
      own.add(sealed.commit.commitId)
      const outcome = await put(sealed, kept.right)
      if (outcome._tag === 'Unanswered') continue
      if (outcome._tag === 'CommitTooLarge') return E.left(outcome)
      const commit = outcome._tag === 'Stored' ? outcome.commit : outcome.by
      const appended = { commit, position: positionBehind(commit) }
      return own.has(commit.commitId) ? E.right(appended) : E.left({ _tag: 'Conflict', winner: appended })
    }
    const where = partitionKeyOf(position.stream)
    throw new EventStoreFault(`appending to ${where} was not answered under ${STAMPS} stamps`, 'unavailable')
  }
