import { hash } from 'node:crypto'
import { jcsOfPlain } from './canonical.ts'
import type { Commit, StoredEvent } from './port.ts'

export const sha256 = (text: string): string => hash('sha256', text)

/** What the hash covers: every field of the commit but the hash itself. */
export type Unhashed = Omit<Commit, 'hash'>

// Of these two the keys stand in JCS's order already and all values are well-formed texts or whole numbers, which RFC 8785 spells as
// JSON.stringify does (sections 3.2.2 and 3.2.3): every commit that is read or written is hashed, so it pays to go the short way.

const header = ({ actor, causationId, commandId, commitId, correlationId }: Unhashed): string => {
  // No client, no key: JSON.stringify leaves out what is undefined, and so does JCS what is not there.
  const { client, roles, subject } = actor
  return JSON.stringify({ actor: { client, roles, subject }, causationId, commandId, commitId, correlationId })
}

const trailer = ({ fingerprint, previousHash, stream: { id, tenant, type }, time, version }: Unhashed): string =>
  JSON.stringify({ fingerprint, previousHash, stream: { id, tenant, type }, time, version })

/**
 * SHA-256, hex, over the RFC 8785 form of the commit without its `hash`. JCS orders keys, and `events` falls between
 * `correlationId` and `fingerprint`, so the events' own canonical text is set in as it is stored, not made again.
 */
export const hashOf = (commit: Unhashed, eventsText: string): string =>
  sha256(`${header(commit).slice(0, -1)},"events":${eventsText},${trailer(commit).slice(1)}`)

/** @param events of plain JSON alone. */
export const eventsTextOf = (events: ReadonlyArray<StoredEvent>): string => jcsOfPlain(events)
