import * as E from 'fp-ts/lib/Either.js'
import {
  type Commit,
  CorruptCommit,
  type EventStore,
  type Position,
  type Slice,
  type StreamName,
} from '../infra/event-store/port.ts'
import { decode } from '../schemas/decode.ts'
import type { Aggregate } from './aggregate.ts'

/** A stream folded up to a position. `seen` finds the commit of a command that was already applied. */
export type Loaded<State> = {
  readonly state: State
  readonly position: Position
  readonly seen: ReadonlyMap<string, Commit>
  /** Whether this was the end of the stream when the store was last asked; otherwise there may be more behind it. */
  readonly complete: boolean
}

/** A stream taken to be empty without asking: right for a creation, and a conflict tells when it is wrong. */
export const assumeEmpty = <S, C, E_, R>(
  store: Pick<EventStore, 'emptyStream'>,
  aggregate: Aggregate<S, C, E_, R>,
  stream: StreamName,
): Loaded<S> => ({
  state: aggregate.decider.initial,
  position: store.emptyStream(stream),
  seen: new Map(),
  complete: false,
})

/** Throws `CorruptCommit` on an event that does not decode. */
const evolveBy = <S, C, E_, R>(aggregate: Aggregate<S, C, E_, R>, from: S, commit: Commit): S => {
  let state = from
  for (const [index, stored] of commit.events.entries()) {
    const event = decode(aggregate.event, stored)
    if (E.isLeft(event)) {
      const [fault] = event.left
      const reason = `its ${stored.type} of schema ${stored.schemaVersion} does not decode: ${fault?.pointer} ${fault?.message}`
      throw new CorruptCommit(commit.stream, commit.version + index, reason)
    }
    state = aggregate.decider.evolve(state, event.right)
  }
  return state
}

/** Folds one more commit, which may not be the last. */
export const foldCommit = <S, C, E_, R>(
  aggregate: Aggregate<S, C, E_, R>,
  from: Loaded<S>,
  { commit, position }: Slice,
): Loaded<S> => ({
  state: evolveBy(aggregate, from.state, commit),
  position,
  seen: new Map(from.seen).set(commit.commandId, commit),
  complete: false,
})

/** Reads and folds only what came behind `from`. */
export const catchUp = async <S, C, E_, R>(
  store: Pick<EventStore, 'read'>,
  aggregate: Aggregate<S, C, E_, R>,
  from: Loaded<S>,
): Promise<Loaded<S>> => {
  let { state, position } = from
  const seen = new Map(from.seen)
  for await (const slice of store.read(position.stream, { after: position.version })) {
    state = evolveBy(aggregate, state, slice.commit)
    seen.set(slice.commit.commandId, slice.commit)
    position = slice.position
  }
  return { state, position, seen, complete: true }
}
