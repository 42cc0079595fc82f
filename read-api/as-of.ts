import * as E from 'fp-ts/lib/Either.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import {
  type Commit,
  CorruptCommit,
  type EventStore,
  type StoredEvent,
  type StreamName,
} from '../infra/event-store/port.ts'
import type { DomainEvent } from '../projections/projection.ts'
import type { Fold } from './entity.ts'
import type { AsOf } from './parameters.ts'

/** One event of a stream, with the state before it and behind it. */
export type Step<S> = {
  readonly commit: Commit
  readonly version: number
  readonly stored: StoredEvent
  readonly before: S
  readonly after: S
}

/** Folds a stream, event by event, oldest first. Throws what the event store throws, and `CorruptCommit` on an unknown event. */
export const stepsOf = async function* <Ev extends DomainEvent, S>(
  events: Pick<EventStore, 'read'>,
  { decode, initial, evolve }: Omit<Fold<Ev, S, unknown>, 'show'>,
  stream: StreamName,
): AsyncIterable<Step<S>> {
  let before = initial
  for await (const { commit } of events.read(stream)) {
    const recorded = decode(commit)
    if (E.isLeft(recorded)) throw new CorruptCommit(stream, recorded.left.version, recorded.left.reason)
    for (const [event, stored] of RA.zip(recorded.right, commit.events)) {
      const after = evolve(before, event)
      yield { commit, version: event.version, stored, before, after }
      before = after
    }
  }
}

type Moment = { readonly version: number; readonly time: string }

/** Whether something had happened by then. A time is one of commit. Both are inclusive. */
export const by =
  (asOf: AsOf) =>
  ({ version, time }: Moment): boolean =>
    asOf._tag === 'Version' ? version <= asOf.version : time <= asOf.time

export const byNow = (): boolean => true

/** What was shown of a stream, and when that came to an end: the time of the first commit that is left out, null if none is. */
export type Shown<R> = { readonly shown: R | null; readonly until: string | null }

/**
 * What the API showed of a stream when only what `had` names had happened: always a prefix of the stream and never a selection, for
 * writers' clocks may disagree. Throws like `stepsOf`.
 */
export const shownWhen = async <Ev extends DomainEvent, S, R>(
  events: Pick<EventStore, 'read'>,
  fold: Fold<Ev, S, R>,
  stream: StreamName,
  had: (moment: Moment) => boolean,
): Promise<Shown<R>> => {
  let state = fold.initial
  for await (const { commit, version, after } of stepsOf(events, fold, stream)) {
    if (!had({ version, time: commit.time })) return { shown: fold.show(state), until: commit.time }
    state = after
  }
  return { shown: fold.show(state), until: null }
}
