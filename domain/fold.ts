import type { Decider } from './decider.ts'

/** The state after these events. */
export const fold = <State, Command, Event, Rejection>(
  decider: Decider<State, Command, Event, Rejection>,
  events: Iterable<Event>,
  from: State = decider.initial,
): State => {
  let state = from
  for (const event of events) state = decider.evolve(state, event)
  return state
}
