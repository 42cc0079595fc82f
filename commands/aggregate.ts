import type * as t from 'io-ts'
import type { Decider } from '../domain/decider.ts'
import type { Loaded } from './loaded.ts'

/** How the state of an aggregate with long streams is kept in snapshots. */
export type KeptState<State> = {
  /** Of the state's schema, and of what `evolve` makes of the events: raise it when either changes. */
  readonly version: number
  readonly codec: t.Type<State, unknown, unknown>
}

/** A decider with the name of its streams and the codec of their events. */
export type Aggregate<State, Command, Event, Rejection> = {
  readonly streamType: string
  readonly decider: Decider<State, Command, Event, Rejection>
  readonly event: t.Type<Event, unknown, unknown>
  /** Left out where streams stay short: they are folded from their first event. */
  readonly kept?: KeptState<State>
  /** Its folded streams by their places in a cache (`warmStreams`): kept here, where their type is known. */
  readonly folded: WeakMap<object, Loaded<State>>
}

export const aggregate = <State, Command, Event, Rejection>(
  streamType: string,
  decider: Decider<State, Command, Event, Rejection>,
  event: t.Type<Event, unknown, unknown>,
  kept?: KeptState<State>,
): Aggregate<State, Command, Event, Rejection> => ({
  streamType,
  decider,
  event,
  folded: new WeakMap(),
  ...(kept && { kept }),
})
