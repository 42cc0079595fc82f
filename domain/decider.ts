import type { Either } from 'fp-ts/lib/Either.js'

/**
 * The whole contract of an aggregate. `evolve` is total: it takes every event the stream may hold. `decide` is pure
 * and answers either the reason why not, or the events that happened (at least one).
 */
export type Decider<State, Command, Event, Rejection> = {
  readonly initial: State
  readonly evolve: (state: State, event: Event) => State
  readonly decide: (command: Command, state: State) => Either<Rejection, ReadonlyArray<Event>>
}
