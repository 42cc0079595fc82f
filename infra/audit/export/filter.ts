import * as t from 'io-ts'
import type { Commit, StoredEvent } from '../../event-store/port.ts'

/** What was asked for; what is not given, everything is. `stream`: `TYPE/ID`. `type`: of an event. */
export const Filter = t.exact(t.partial({ actor: t.string, stream: t.string, type: t.string, correlation: t.string }))
export type Filter = t.TypeOf<typeof Filter>

export const isOfType = ({ type }: Filter, event: StoredEvent): boolean => type === undefined || event.type === type

/** Whether a commit has an event that was asked for. */
export const concerns = (filter: Filter, { actor, stream, correlationId, events }: Commit): boolean =>
  (filter.actor === undefined || filter.actor === actor.subject) &&
  (filter.stream === undefined || filter.stream === `${stream.type}/${stream.id}`) &&
  (filter.correlation === undefined || filter.correlation === correlationId) &&
  events.some((event) => isOfType(filter, event))
