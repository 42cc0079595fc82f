import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { Constraint } from '../domain/constraint.ts'
import { partitionKeyOf } from '../infra/event-store/keys.ts'
import type { CommitTooLarge, Conflict, Draft, Position, StreamName } from '../infra/event-store/port.ts'
import type { Transaction, TransactionalEventStore, TransactionFailure } from '../infra/event-store/transaction-port.ts'
import type { Aggregate } from './aggregate.ts'
import type { CommandStore } from './execute-command.ts'

/** An aggregate whose events ask something of the whole tenant. */
export type ConstrainedAggregate<State, Command, Event, Rejection> = Aggregate<State, Command, Event, Rejection> & {
  readonly constraintsOf: (event: Event) => ReadonlyArray<Constraint>
}

/** What kept a command from being written, beside another commit on its own stream. */
export type Obstructed = {
  readonly _tag: 'Obstructed'
  readonly by: Exclude<TransactionFailure, Conflict | CommitTooLarge> | { readonly _tag: 'BasisMoved' }
}

const constraintsIn = <S, C, Ev, R>(
  { event, constraintsOf }: ConstrainedAggregate<S, C, Ev, R>,
  { events }: Draft,
): ReadonlyArray<Constraint> =>
  events.flatMap((stored) => {
    const decoded = event.decode(stored)
    if (E.isLeft(decoded)) throw new TypeError(`${stored.type} was decided on, and does not decode`)
    return constraintsOf(decoded.right)
  })

const transactionOf = (
  position: Position,
  draft: Draft,
  constraints: ReadonlyArray<Constraint>,
  unmoved: ReadonlyArray<Position>,
): Transaction => {
  const holder = position.stream
  const held = (tag: 'Claim' | 'Release') =>
    constraints.flatMap((each) => (each._tag === tag ? [{ scope: each.scope, value: each.value, holder }] : []))
  return {
    commits: [{ position, draft }],
    unmoved,
    claims: held('Claim'),
    releases: held('Release'),
    advances: constraints.flatMap((each) => {
      if (each._tag !== 'Number') return []
      return [
        { sequence: { tenant: holder.tenant, name: each.sequence }, after: each.number - 1, through: each.number },
      ]
    }),
  }
}

const failureOn =
  (stream: StreamName) =>
  (failure: TransactionFailure): Conflict | CommitTooLarge | Obstructed => {
    if (failure._tag === 'CommitTooLarge') return failure
    if (failure._tag !== 'Conflict') return { _tag: 'Obstructed', by: failure }
    const own = partitionKeyOf(failure.winner.commit.stream) === partitionKeyOf(stream)
    return own ? failure : { _tag: 'Obstructed', by: { _tag: 'BasisMoved' } }
  }

/**
 * A store for one command: what its events claim, release and number is written along with them, provided that the streams of
 * `basis` have not moved. A commit that asks nothing of the kind stays one plain put.
 */
export const constrainedStore = <S, C, Ev, R>(
  store: TransactionalEventStore,
  aggregate: ConstrainedAggregate<S, C, Ev, R>,
  basis: ReadonlyArray<Position>,
): CommandStore<Obstructed> => ({
  ...store,
  append: async (position, draft) => {
    const constraints = constraintsIn(aggregate, draft)
    if (constraints.length === 0 && basis.length === 0) return store.append(position, draft)
    return pipe(
      await store.appendAll(transactionOf(position, draft, constraints, basis)),
      E.bimap(failureOn(position.stream), RNEA.head),
    )
  },
})
