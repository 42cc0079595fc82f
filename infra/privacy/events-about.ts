import * as E from 'fp-ts/lib/Either.js'
import type { PersonalData } from '../../schemas/personal.ts'
import type { Commit, StoredEvent } from '../event-store/port.ts'
import type { CommitScan } from '../event-store/scan.ts'

/** An event about a person, and where it stands. */
export type EventAbout = StoredEvent & {
  readonly streamType: string
  readonly streamId: string
  readonly version: number
  readonly commitId: string
  /** Commit time, RFC 3339 UTC. */
  readonly time: string
}

/** Everything that the events of a tenant say about a person, oldest first. */
export type EventsAbout = (tenant: string, subject: string) => Promise<ReadonlyArray<EventAbout>>

const subjectOf = (personal: PersonalData, { type, data }: StoredEvent): unknown => {
  const field = personal.get(type)?.subject
  return field === undefined ? undefined : new Map<string, unknown>(Object.entries(Object(data))).get(field)
}

const eventsIn = ({ stream, version, commitId, time, events }: Commit): ReadonlyArray<EventAbout> =>
  events.map((event, nth) => ({
    streamType: stream.type,
    streamId: stream.id,
    version: version + nth,
    commitId,
    time,
    ...event,
  }))

const inOrder = (one: EventAbout, other: EventAbout): number =>
  one.commitId === other.commitId ? one.version - other.version : one.commitId < other.commitId ? -1 : 1

/**
 * Reads all events of the tenant in streams of these types: no view knows all documents of a person. @param scan of opened commits.
 * Rejects with `CorruptCommit` rather than leave out what cannot be read.
 */
export const eventsAbout =
  (scan: CommitScan, personal: PersonalData, streamTypes: ReadonlyArray<string>): EventsAbout =>
  async (tenant, subject) => {
    const found: EventAbout[] = []
    for await (const { commits } of scan({ segment: 0, of: 1, streamTypes, tenant })) {
      for (const { commit } of commits) {
        if (E.isLeft(commit)) throw commit.left
        found.push(...eventsIn(commit.right).filter((event) => subjectOf(personal, event) === subject))
      }
    }
    return found.toSorted(inOrder)
  }
