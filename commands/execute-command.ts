import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type {
  Commit,
  CommitTooLarge,
  EventStore,
  Provenance,
  StoredEvent,
  StreamName,
} from '../infra/event-store/port.ts'
import type { Aggregate } from './aggregate.ts'
import { assumeEmpty, catchUp, foldCommit, type Loaded } from './load.ts'

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

export type Outcome = { readonly commit: Commit; readonly replayed: boolean }

export type Failure<Rejection> =
  | { readonly _tag: 'Rejected'; readonly rejection: Rejection }
  | { readonly _tag: 'CommandIdReused' }
  | { readonly _tag: 'VersionMismatch'; readonly actual: number }
  | { readonly _tag: 'Contended'; readonly attempts: number }
  | CommitTooLarge

export type CommandDependencies = {
  readonly store: EventStore
  /** Waits before try number `attempt` (from 1) after a lost race. */
  readonly backOff: (attempt: number) => Promise<void>
}

/** Lost races in a row before the caller is told to try again. */
const ATTEMPTS = 12

/**
 * Load, fold, decide, append; again from where we stood when somebody was faster. The only retry loop of the write path.
 * Throws on faults of the store and on corrupt commits.
 */
export const executeCommand =
  ({ store, backOff }: CommandDependencies) =>
  async <S, C, Ev extends StoredEvent, R, Refusal>(
    aggregate: Aggregate<S, C, Ev, R>,
    request: CommandRequest<C, Refusal>,
  ): Promise<E.Either<Failure<R | Refusal>, Outcome>> => {
    const assumed = assumeEmpty(store, aggregate, request.stream)
    const certain = !request.creates || request.expectedVersion !== undefined
    let loaded = certain ? await catchUp(store, aggregate, assumed) : assumed
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const settled = settle(loaded, request)
      if (settled !== undefined) return settled
      const decided = pipe(
        await request.command(),
        E.chainW((command) => aggregate.decider.decide(command, loaded.state)),
      )
      if (E.isLeft(decided)) {
        if (loaded.complete) return E.left({ _tag: 'Rejected', rejection: decided.left })
        loaded = await catchUp(store, aggregate, loaded)
        continue
      }
      const { actor, correlationId, causationId, commandId, fingerprint } = request
      const draft = { actor, correlationId, causationId, commandId, fingerprint, events: decided.right }
      const appended = await store.append(loaded.position, draft)
      if (E.isRight(appended)) return E.right({ commit: appended.right.commit, replayed: false })
      if (appended.left._tag === 'CommitTooLarge') return E.left(appended.left)
      loaded = foldCommit(aggregate, loaded, appended.left.winner)
      if (attempt > 1) await backOff(attempt)
    }
    return E.left({ _tag: 'Contended', attempts: ATTEMPTS })
  }

/** What can be said before deciding: the command was applied before, or the caller looked at another version. */
const settle = <S, C, Refusal>(
  loaded: Loaded<S>,
  { commandId, fingerprint, expectedVersion }: CommandRequest<C, Refusal>,
): E.Either<Failure<never>, Outcome> | undefined => {
  const earlier = loaded.seen.get(commandId)
  if (earlier !== undefined) {
    return earlier.fingerprint === fingerprint
      ? E.right({ commit: earlier, replayed: true })
      : E.left({ _tag: 'CommandIdReused' })
  }
  const actual = loaded.position.version
  return expectedVersion === undefined || expectedVersion === actual
    ? undefined
    : E.left({ _tag: 'VersionMismatch', actual })
}
