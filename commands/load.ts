import * as E from 'fp-ts/lib/Either.js'
import { type Commit, CorruptCommit, type EventStore, type Slice, type StreamName } from '../infra/event-store/port.ts'
import type { Snapshot, Snapshots } from '../infra/snapshots/port.ts'
import { decode } from '../schemas/decode.ts'
import type { Aggregate } from './aggregate.ts'
import { commandLog } from './command-log.ts'
import type { Loaded } from './loaded.ts'

/** A stream taken to be empty without asking: right for a creation, and a conflict tells when it is wrong. */
export const assumeEmpty = <S, C, E_, R>(
  store: Pick<EventStore, 'emptyStream'>,
  aggregate: Aggregate<S, C, E_, R>,
  stream: StreamName,
): Loaded<S> => ({
  state: aggregate.decider.initial,
  position: store.emptyStream(stream),
  commands: commandLog(),
  complete: false,
  snapshot: 0,
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
): Loaded<S> => {
  const state = evolveBy(aggregate, from.state, commit)
  from.commands.add(commit)
  return { ...from, state, position, complete: false }
}

/** Reads and folds only what came behind `from`. */
export const catchUp = async <S, C, E_, R>(
  store: Pick<EventStore, 'read'>,
  aggregate: Aggregate<S, C, E_, R>,
  from: Loaded<S>,
): Promise<Loaded<S>> => {
  let loaded = from
  for await (const slice of store.read(from.position.stream, { after: from.position.version })) {
    loaded = foldCommit(aggregate, loaded, slice)
  }
  return { ...loaded, complete: true }
}

/** Newest commits that are asked for first: streams that are no longer take one request, snapshot or not. */
const TAIL = 200

/** The newest snapshot of the stream, decoded. Whatever is wrong with it, the stream is folded without. */
const snapshotOf = async <S, C, E_, R>(
  snapshots: Pick<Snapshots, 'load'> | undefined,
  { kept }: Aggregate<S, C, E_, R>,
  stream: StreamName,
): Promise<{ readonly snapshot: Snapshot; readonly state: S } | undefined> => {
  if (snapshots === undefined || kept === undefined) return undefined
  const snapshot = await snapshots.load(stream, kept.version).catch(() => undefined)
  const state = snapshot && kept.codec.decode(snapshot.state)
  return snapshot && state && E.isRight(state) ? { snapshot, state: state.right } : undefined
}

/** A snapshot to fold on from. */
type Found<S> = { readonly snapshot: Snapshot; readonly loaded: Loaded<S> }

/** Whether a slice shows that its stream was folded into the snapshot: it is the snapshot's commit, or the one behind it. */
const joins = ({ version, hash }: Snapshot, { commit, position }: Slice): boolean =>
  (position.version === version && position.hash === hash) ||
  (commit.version === version + 1 && commit.previousHash === hash)

const foldAll = <S, C, E_, R>(
  aggregate: Aggregate<S, C, E_, R>,
  from: Loaded<S>,
  slices: ReadonlyArray<Slice>,
): Loaded<S> => ({
  ...slices.reduce((loaded, slice) => foldCommit(aggregate, loaded, slice), from),
  complete: true,
})

/** Folds on from a snapshot, over the tail where it reaches so far back; `undefined` when the stream does not join it. */
const foldOn = async <S, C, E_, R>(
  store: Pick<EventStore, 'read'>,
  aggregate: Aggregate<S, C, E_, R>,
  { snapshot, loaded }: Found<S>,
  tail: ReadonlyArray<Slice>,
): Promise<Loaded<S> | undefined> => {
  const at = tail.findIndex((slice) => joins(snapshot, slice))
  const joint = tail[at]
  if (joint !== undefined) {
    const rest = tail.slice(joint.position.version === snapshot.version ? at + 1 : at)
    return foldAll(aggregate, { ...loaded, position: joint.position }, rest)
  }
  const [oldest] = tail
  if (oldest === undefined || oldest.commit.version <= snapshot.version) return undefined
  const rest: Slice[] = []
  for await (const slice of store.read(oldest.position.stream, { after: snapshot.version })) {
    if (rest.length === 0 && !joins(snapshot, slice)) return undefined
    rest.push(slice)
  }
  return foldAll(aggregate, loaded, rest)
}

/** A snapshot's version may lie within a commit, if it is not this stream's: the stream itself is judged when it is read whole. */
const unlessCorrupt = (error: unknown): undefined => {
  if (error instanceof CorruptCommit) return undefined
  throw error
}

/**
 * The stream folded to its end. A short one takes one request; a long one a second for its snapshot, if its aggregate keeps any.
 * A snapshot counts only where the stream's own commits join it, hash to hash.
 */
export const load = async <S, C, E_, R>(
  store: Pick<EventStore, 'emptyStream' | 'read' | 'tail'>,
  snapshots: Pick<Snapshots, 'load'> | undefined,
  aggregate: Aggregate<S, C, E_, R>,
  stream: StreamName,
): Promise<Loaded<S>> => {
  const empty = assumeEmpty(store, aggregate, stream)
  const tail = await store.tail(stream, TAIL)
  if ((tail[0]?.commit.version ?? 1) === 1) return foldAll(aggregate, empty, tail)
  const found = await snapshotOf(snapshots, aggregate, stream)
  if (found !== undefined) {
    const { snapshot, state } = found
    const loaded = { ...empty, state, commands: commandLog(snapshot.commands), snapshot: snapshot.version }
    const folded = await foldOn(store, aggregate, { snapshot, loaded }, tail).catch(unlessCorrupt)
    if (folded !== undefined) return folded
  }
  return catchUp(store, aggregate, empty)
}
