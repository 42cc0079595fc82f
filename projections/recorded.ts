import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Commit } from '../infra/event-store/port.ts'
import { decode } from '../schemas/decode.ts'
import type { DomainEvent, RecordedEvent } from './projection.ts'

/** By type of stream: the codec of all events that such a stream may hold. */
export type EventCodecs<E extends DomainEvent = DomainEvent> = {
  readonly [streamType: string]: t.Decoder<unknown, E>
}

/** An event that this build does not know (a newer writer's, perhaps): why. */
export type UnknownEvent = { readonly version: number; readonly reason: string }

/** The commit's events with what a view may know of them, typed; or the first that does not decode. */
export type RecordedEventsOf<E extends DomainEvent = DomainEvent> = (
  commit: Commit,
) => E.Either<UnknownEvent, ReadonlyArray<RecordedEvent<E>>>

export const recordedEventsOf =
  <E extends DomainEvent>(codecs: EventCodecs<E>): RecordedEventsOf<E> =>
  (commit) => {
    const { stream, commitId, time } = commit
    const codec = Object.hasOwn(codecs, stream.type) ? codecs[stream.type] : undefined
    const recorded: RecordedEvent<E>[] = []
    for (const [index, stored] of commit.events.entries()) {
      const version = commit.version + index
      const event = codec && decode(codec, stored)
      if (event === undefined || E.isLeft(event)) {
        const fault = event?.left[0]
        const why = fault ? `${fault.pointer} ${fault.message}` : `no event of stream type ${stream.type} is known`
        return E.left({ version, reason: `unknown event ${stored.type} of schema ${stored.schemaVersion}: ${why}` })
      }
      const { tenant, type, id } = stream
      recorded.push({ tenant, streamType: type, streamId: id, version, commitId, time, event: event.right })
    }
    return E.right(recorded)
  }
