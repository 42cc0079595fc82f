import type { Change } from './change.ts'
import type { DomainEvent, Projection, RecordedEvent } from './projection.ts'

/** A projection with its event types closed over, so that projections of all shapes stand in one list. */
export type ReadModel = Omit<Projection<never>, 'on'> & {
  /** Throws when the projection does not know the event's type, or when its handler does. */
  readonly changesOf: (recorded: RecordedEvent<DomainEvent>) => ReadonlyArray<Change>
}

export const readModel = <E extends DomainEvent>({ on, ...projection }: Projection<E>): ReadModel => {
  // Keyed by the type of the event that each handler takes.
  const handlers: ReadonlyMap<string, ReadModel['changesOf']> = new Map(Object.entries(on))
  return {
    ...projection,
    changesOf: (recorded) => {
      const handler = handlers.get(recorded.event.type)
      if (handler === undefined) throw new TypeError(`${projection.name} does not know ${recorded.event.type}`)
      return handler(recorded)
    },
  }
}
