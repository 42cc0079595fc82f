import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type {
  Appended,
  CommitTooLarge,
  Conflict,
  Draft,
  EventStore,
  Position,
  Provenance,
  StoredEvent,
  StreamName,
} from '../infra/event-store/port.ts'
import type { Aggregate } from './aggregate.ts'
import { type Applied, appliedIn } from './command-log.ts'
import { assumeEmpty, catchUp, foldCommit, load } from './load.ts'
import type { Loaded } from './loaded.ts'
import { type Snapshotting, snapshotWhenDue } from './snapshotting.ts'
import type { WarmStreams } from './warm-streams.ts'

export type CommandRequest<Command, Refusal> = Provenance & {
  readonly stream: StreamName
  /** Makes the command when it is needed: a command that was already applied is answered without. */
  readonly command: () => Promise<E.Either<Refusal, Command>>
  readonly commandId: string
  /** SHA-256 of what was asked; see `Commit.fingerprint`. */
  readonly fingerprint: string
  /** Whether the stream is expected not to exist yet: saves reading it. */
  readonly creates: boolean
  /** The version that the caller has seen, if it insists. */
  readonly expectedVersion?: number
}

export type Outcome = Pick<Applied, 'commitId' | 'version'> & {
  readonly stream: StreamName
  /** Whether the command had been applied before. */
  readonly replayed: boolean
}

export type Failure<Rejection> =
  | { readonly _tag: 'Rejected'; readonly rejection: Rejection }
  | { readonly _tag: 'CommandIdReused' }
  | { readonly _tag: 'VersionMismatch'; readonly actual: number }
  | { readonly _tag: 'Contended'; readonly attempts: number }
  | CommitTooLarge

/** An event store whose appends may also fail for reasons of its own, which are passed on. */
export type CommandStore<X> = Omit<EventStore, 'append'> & {
  readonly append: (position: Position, draft: Draft) => Promise<E.Either<Conflict | CommitTooLarge | X, Appended>>
}

/** A failure that only some stores know. */
type Foreign = { readonly _tag: 'Obstructed' }

export type CommandDependencies<X extends Foreign = never> = {
  readonly store: CommandStore<X>
  /** Waits before try number `attempt` (from 2) after lost races. */
  readonly backOff: (attempt: number) => Promise<void>
  /** Without it, every command folds its stream anew. */
  readonly warm?: WarmStreams
  /** Without it, every fold begins with the first event. */
  readonly snapshotting?: Snapshotting
}

/** Lost races in a row before the caller is told to try again. */
const ATTEMPTS = 32

const decide = async <S, C, Ev, R, Refusal>(
  { decider }: Aggregate<S, C, Ev, R>,
  { state }: Loaded<S>,
  { command }: CommandRequest<C, Refusal>,
): Promise<E.Either<R | Refusal, ReadonlyArray<Ev>>> =>
  pipe(
    await command(),
    E.chainW((made) => decider.decide(made, state)),
  )

/** What can be said before deciding: the command was applied before, or the caller looked at another version. */
const settled = async <S, C, Refusal>(
  store: Pick<EventStore, 'read'>,
  { commands, position, complete }: Loaded<S>,
  { stream, commandId, fingerprint, expectedVersion }: CommandRequest<C, Refusal>,
): Promise<E.Either<Failure<never>, Outcome> | 'look again' | undefined> => {
  const earlier = await appliedIn(store, stream, commands, commandId)
  if (earlier !== undefined) {
    const { commitId, version } = earlier
    return earlier.fingerprint === fingerprint
      ? E.right({ stream, commitId, version, replayed: true })
      : E.left({ _tag: 'CommandIdReused' })
  }
  const actual = position.version
  if (expectedVersion === undefined || expectedVersion === actual) return undefined
  return complete ? E.left({ _tag: 'VersionMismatch', actual }) : 'look again'
}

/**
 * Load, fold, decide, append; again from where we stood when somebody was faster. The only retry loop of the write path.
 * Throws on faults of the store and on corrupt commits.
 */
export const executeCommand =
  <X extends Foreign = never>(deps: CommandDependencies<X>) =>
  <S, C, Ev extends StoredEvent, R, Refusal>(
    aggregate: Aggregate<S, C, Ev, R>,
    request: CommandRequest<C, Refusal>,
  ): Promise<E.Either<Failure<R | Refusal> | X, Outcome>> => {
    const execute = () => attempts(deps, aggregate, request)
    return deps.warm ? deps.warm.inTurn(request.stream, execute) : execute()
  }

const attempts = async <X extends Foreign, S, C, Ev extends StoredEvent, R, Refusal>(
  { store, backOff, warm, snapshotting }: CommandDependencies<X>,
  aggregate: Aggregate<S, C, Ev, R>,
  request: CommandRequest<C, Refusal>,
): Promise<E.Either<Failure<R | Refusal> | X, Outcome>> => {
  const { stream, actor, correlationId, causationId, commandId, fingerprint } = request
  const asked = snapshotting?.now() ?? 0
  const assumed = request.creates && request.expectedVersion === undefined
  let loaded =
    warm?.recall(aggregate, stream) ??
    (assumed ? assumeEmpty(store, aggregate, stream) : await load(store, snapshotting?.snapshots, aggregate, stream))
  const loadMs = (snapshotting?.now() ?? 0) - asked
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const done = await settled(store, loaded, request)
    if (done !== undefined && done !== 'look again') return done
    const decided = done === undefined ? await decide(aggregate, loaded, request) : undefined
    if (decided === undefined || E.isLeft(decided)) {
      if (decided !== undefined && loaded.complete) return E.left({ _tag: 'Rejected', rejection: decided.left })
      loaded = await catchUp(store, aggregate, loaded)
      continue
    }
    const draft = { actor, correlationId, causationId, commandId, fingerprint, events: decided.right }
    const appended = await store.append(loaded.position, draft)
    if (E.isRight(appended)) {
      const { commit, position } = appended.right
      loaded.commands.add(commit)
      const state = decided.right.reduce(aggregate.decider.evolve, loaded.state)
      const after = { ...loaded, state, position }
      const kept = snapshotting
        ? snapshotWhenDue(snapshotting, aggregate, after, loadMs, () => warm?.forget(stream))
        : after
      // A stream that begins is seldom written to again soon: it would only drive out others.
      if (!assumed || attempt > 1) warm?.remember(aggregate, kept)
      return E.right({ stream, commitId: commit.commitId, version: position.version, replayed: false })
    }
    if (appended.left._tag !== 'Conflict') return E.left(appended.left)
    loaded = foldCommit(aggregate, loaded, appended.left.winner)
    if (attempt === 1) continue
    await backOff(attempt)
    loaded = await catchUp(store, aggregate, loaded)
  }
  return E.left({ _tag: 'Contended', attempts: ATTEMPTS })
}
