import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Position, StoredEvent } from '../infra/event-store/port.ts'
import type { OverLimit, Reserved, TransactionalEventStore } from '../infra/event-store/transaction-port.ts'
import { type ConstrainedAggregate, constrainedStore, type Obstructed } from './constrained-store.ts'
import {
  type CommandDependencies,
  type CommandRequest,
  executeCommand,
  type Failure,
  type Outcome,
} from './execute-command.ts'
import type { Numbering, Use } from './numbering.ts'

export type TransactionDependencies = CommandDependencies & {
  readonly store: TransactionalEventStore
  readonly numbering: Numbering
}

/** A command, or one that takes the next number of a sequence, and the streams that it was made from. */
export type Intent<Command> = {
  /** Where those streams ended. The command is made anew when one of them has moved before it is written. */
  readonly basis: ReadonlyArray<Position>
} & ({ readonly command: Command } | { readonly sequence: string; readonly numbered: (number: number) => Command })

export type TransactionRequest<Command, Refusal> = Omit<CommandRequest<Command, Refusal>, 'command'> & {
  /** Makes the command, as `CommandRequest.command` does, though it may also be asked when the command was applied before. */
  readonly intent: () => Promise<E.Either<Refusal, Intent<Command>>>
  /** The reason to give when another stream holds what the command claims. */
  readonly reserved: (reserved: Reserved) => Refusal
}

/** `number`: the one that was used; `null` when none was, or when the command had been applied before. */
export type NumberedOutcome = Outcome & { readonly number: number | null }

type Attempt<Rejection> = E.Either<Failure<Rejection> | Obstructed, NumberedOutcome>

/** Times that a command is made anew because its basis has moved. */
const ATTEMPTS = 8

/**
 * `executeCommand` for commands that need more than their own stream: values that must be unique, gapless numbers, other streams
 * that must not have moved. The numbers' turns are as short as their transactions: all that is read is read before.
 */
export const executeTransaction =
  (deps: TransactionDependencies) =>
  async <S, C, Ev extends StoredEvent, R, Refusal>(
    aggregate: ConstrainedAggregate<S, C, Ev, R>,
    request: TransactionRequest<C, Refusal>,
  ): Promise<E.Either<Failure<R | Refusal> | OverLimit, NumberedOutcome>> => {
    const attempt = attemptOf(deps, aggregate, request)
    for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
      if (tries > 1) await deps.backOff(tries)
      const done = await attempt()
      if (E.isRight(done)) return done
      if (done.left._tag !== 'Obstructed') return E.left(done.left)
      const { by } = done.left
      if (by._tag === 'Reserved') return E.left({ _tag: 'Rejected', rejection: request.reserved(by) })
      if (by._tag === 'Contended' || by._tag === 'OverLimit') return E.left(by)
    }
    return E.left({ _tag: 'Contended', attempts: ATTEMPTS })
  }

const useOf = <Rejection>(result: Attempt<Rejection>): Use<Attempt<Rejection>> => {
  if (E.isRight(result)) return { _tag: result.right.replayed ? 'Unused' : 'Used', result }
  return result.left._tag === 'Obstructed' && result.left.by._tag === 'SequenceMoved'
    ? { _tag: 'Moved', last: result.left.by.last }
    : { _tag: 'Unused', result }
}

const attemptOf = <S, C, Ev extends StoredEvent, R, Refusal>(
  { store, numbering, ...deps }: TransactionDependencies,
  aggregate: ConstrainedAggregate<S, C, Ev, R>,
  request: TransactionRequest<C, Refusal>,
): (() => Promise<Attempt<R | Refusal>>) => {
  const execute = async (
    command: E.Either<Refusal, C>,
    basis: ReadonlyArray<Position>,
    number: number | null,
  ): Promise<Attempt<R | Refusal>> => {
    const constrained = constrainedStore(store, aggregate, basis)
    const outcome = await executeCommand({ ...deps, store: constrained })(aggregate, {
      ...request,
      command: async () => command,
    })
    return pipe(
      outcome,
      E.map((done) => ({ ...done, number: done.replayed ? null : number })),
    )
  }

  const numbered = async (
    name: string,
    of: (number: number) => Promise<Attempt<R | Refusal>>,
  ): Promise<Attempt<R | Refusal>> =>
    pipe(
      await numbering.next({ tenant: request.stream.tenant, name }, async (number) => useOf(await of(number))),
      E.flattenW,
    )

  return async () => {
    const made = await request.intent()
    if (E.isLeft(made)) return execute(made, [], null)
    const intent = made.right
    return 'command' in intent
      ? execute(E.right(intent.command), intent.basis, null)
      : numbered(intent.sequence, (number) => execute(E.right(intent.numbered(number)), intent.basis, number))
  }
}
