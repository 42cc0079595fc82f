import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Commit, StoredEvent } from './port.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** RFC 8785 (JCS). Throws on what JSON cannot carry exactly: NaN, infinities, lone surrogates, undefined. */
export const jcs = (value: unknown): string => {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('undefined is not a JSON value')
  return text
}

/** What the hash covers: every field of the commit but the hash itself. */
export type Unhashed = Omit<Commit, 'hash'>

const header = ({ actor, causationId, commandId, commitId, correlationId }: Unhashed): string =>
  jcs({ actor, causationId, commandId, commitId, correlationId })

const trailer = ({ fingerprint, previousHash, stream, time, version }: Unhashed): string =>
  jcs({ fingerprint, previousHash, stream, time, version })

/**
 * SHA-256, hex, over the RFC 8785 form of the commit without its `hash`. JCS orders keys, and `events` falls between
 * `correlationId` and `fingerprint`, so the events' own canonical text is set in as it is stored, not made again.
 */
export const hashOf = (commit: Unhashed, eventsText: string): string =>
  sha256(`${header(commit).slice(0, -1)},"events":${eventsText},${trailer(commit).slice(1)}`)

export const eventsTextOf = (events: ReadonlyArray<StoredEvent>): string => jcs(events)
