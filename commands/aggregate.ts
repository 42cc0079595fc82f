import type * as t from 'io-ts'
import type { Decider } from '../domain/decider.ts'

/** A decider with the name of its streams and the codec of their events. */
export type Aggregate<State, Command, Event, Rejection> = {
  readonly streamType: string
  readonly decider: Decider<State, Command, Event, Rejection>
  readonly event: t.Type<Event, unknown, unknown>
}

export const aggregate = <State, Command, Event, Rejection>(
  streamType: string,
  decider: Decider<State, Command, Event, Rejection>,
  event: t.Type<Event, unknown, unknown>,
): Aggregate<State, Command, Event, Rejection> => ({ streamType, decider, event })
