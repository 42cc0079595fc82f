import * as E from 'fp-ts/lib/Either.js'
import type { RecordedEvent } from '../../projections/projection.ts'
import { type EventCodecs, recordedEventsOf, type UnknownEvent } from '../../projections/recorded.ts'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import type { PublicEvent, Publishing } from '../../schemas/integration/public-event.ts'
import type { PersonalData } from '../../schemas/personal.ts'
import type { Commit } from '../event-store/port.ts'
import { withheld } from '../privacy/withheld.ts'

/** An event as it is stored: what it is called, and in which schema version. */
type Happened = { readonly type: string; readonly schemaVersion: number }

export type CloudEventsDeps<E extends Happened> = {
  readonly codecs: EventCodecs<E>
  readonly publishing: Publishing<E>
  readonly personal: PersonalData
  /** Which Daybook this is: `source` of its events begins with `/daybook/<stage>`. */
  readonly stage: string
}

/**
 * What others are told of a commit, in its order: perhaps nothing, and nothing that is personal. Ids are those of commit and event, so
 * that telling it again tells the same. Or which event of it this build does not know.
 */
export const cloudEventsOf = <Ev extends Happened>({ codecs, publishing, personal, stage }: CloudEventsDeps<Ev>) => {
  const recorded = recordedEventsOf(codecs)
  const told = (commit: Commit, index: number, { event, streamId }: RecordedEvent<Ev>): ReadonlyArray<CloudEvent> => {
    const { stream, commitId, correlationId, time, version } = commit
    // The event decoded, so its type is one of the table's.
    const publicly: PublicEvent<Ev> | 'internal' = publishing[event.type as Ev['type']]
    if (publicly === 'internal') return []
    return [
      {
        specversion: '1.0',
        id: `${commitId}-${index}`,
        source: `/daybook/${stage}/${stream.tenant}`,
        type: publicly.type,
        subject: `${stream.type}/${stream.id}`,
        time,
        datacontenttype: 'application/json',
        dataschema: publicly.dataschema,
        tenant: stream.tenant,
        correlationid: correlationId,
        streamversion: version + index,
        data: publicly.of(event, streamId),
      },
    ]
  }
  return (commit: Commit): E.Either<UnknownEvent, ReadonlyArray<CloudEvent>> =>
    E.map((events: ReadonlyArray<RecordedEvent<Ev>>) => events.flatMap((event, index) => told(commit, index, event)))(
      recorded(withheld(personal, commit)),
    )
}
