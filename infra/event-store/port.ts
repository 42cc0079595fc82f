import type { Either } from 'fp-ts/lib/Either.js'

/** Names one stream. `tenant`: 1 to 40 of a-z, 0-9, '-'. `type`: a-z and '-'. `id`: a client id. None may hold a '#'. */
export type StreamName = { readonly tenant: string; readonly type: string; readonly id: string }

/** An event as it is stored: immutable JSON. `schemaVersion` versions `data` of this `type`. */
export type StoredEvent = { readonly type: string; readonly schemaVersion: number; readonly data: unknown }

/** Who did something, and in what capacity. */
export type Actor = {
  readonly subject: string
  readonly roles: ReadonlyArray<string>
  /** The application that asked for the subject, where it is known; the hash covers it where it is there. */
  readonly client?: string | undefined
}

/** Where a commit comes from: who, in which request, caused by which commit. */
export type Provenance = {
  readonly actor: Actor
  readonly correlationId: string
  readonly causationId: string | null
}

/** What one command did to one stream: all of its events, or none. Stored as one immutable item. */
export type Commit = Provenance & {
  readonly stream: StreamName
  /** Version of the first event; versions of a stream are 1, 2, 3, … without a gap. */
  readonly version: number
  /** ULID, made by the writer; greater than that of the stream's previous commit (in commits since decision 12). */
  readonly commitId: string
  /** Unique within the stream: the same command is never applied twice. */
  readonly commandId: string
  /** SHA-256, hex, over the RFC 8785 form of the command: tells a retry from another command with the same id. */
  readonly fingerprint: string
  /** Time of the ULID: the writer's clock, or the previous commit's time if later. RFC 3339 UTC with milliseconds. */
  readonly time: string
  readonly events: ReadonlyArray<StoredEvent>
  /** Hash of the stream's previous commit; 64 zeros before the first. */
  readonly previousHash: string
  /** SHA-256, hex, over the RFC 8785 form of all fields above (see hash.ts). */
  readonly hash: string
}

export const lastVersion = (commit: { readonly version: number; readonly events: ReadonlyArray<unknown> }): number =>
  commit.version + commit.events.length - 1

declare const known: unique symbol
/**
 * The end of a stream as a store saw it. Only a store makes one (`emptyStream`, `read`, `append`): because commits are never
 * changed or removed, appending behind a position that once was the end can conflict but can never leave a hole.
 */
export type Position = {
  readonly [known]: true
  readonly stream: StreamName
  /** Version of the last event; 0 for an empty stream. */
  readonly version: number
  readonly hash: string
  /** Id of the last commit; 26 zeros for an empty stream. */
  readonly commitId: string
}

/**
 * What the writer supplies; the store adds versions, ids, time and hashes. `data` is plain JSON that comes back as it went in:
 * finite numbers, whole ones up to 2^53 - 1, well-formed strings, plain objects and lists of them. Roles hold no ','.
 */
export type Draft = Provenance & {
  readonly commandId: string
  readonly fingerprint: string
  readonly events: ReadonlyArray<StoredEvent>
}

/** The commit cannot be stored: refused before any write. Sizes in bytes; which limit it is, limits.ts tells. */
export type CommitTooLarge = { readonly _tag: 'CommitTooLarge'; readonly size: number; readonly limit: number }

export type Appended = { readonly commit: Commit; readonly position: Position }
/** A commit that was found, and the position behind it. */
export type Slice = Appended

/** Somebody else's commit stands where this one was to go; `winner` spares reading it. */
export type Conflict = { readonly _tag: 'Conflict'; readonly winner: Slice }

/**
 * Append-only streams of commits. Operations reject (throw) with `EventStoreFault` when the world broke, and with
 * `CorruptCommit` when a stored item does not decode or its hash does not match.
 */
export type EventStore = {
  /** The position before the first event; valid for every stream, existing or not. */
  readonly emptyStream: (stream: StreamName) => Position
  /**
   * Writes one commit behind `position`, atomically. A retry after a lost answer finds its own commit as the `winner`. Rejects
   * with `InvalidDraft`, before any write, what could not be read back as it is.
   */
  readonly append: (position: Position, draft: Draft) => Promise<Either<Conflict | CommitTooLarge, Appended>>
  /**
   * Commits in order, read consistently and page by page. `after`: only commits behind this version (default 0), which
   * must be the end of a commit. `through`: none that starts behind this version.
   */
  readonly read: (
    stream: StreamName,
    range?: { readonly after?: number; readonly through?: number },
  ) => AsyncIterable<Slice>
  /**
   * The newest commits of a stream, oldest first: at most so many, and fewer where they do not fit one page (DynamoDB: 1 MB), but
   * never none of a stream that has any. One request.
   */
  readonly tail: (stream: StreamName, commits: number) => Promise<ReadonlyArray<Slice>>
}

/**
 * `throttled`: the engine asks for less, for longer than retries went on. `unavailable`: it was not reached, or broke. `refused`:
 * it was reached and will not have the request, now or later (a missing table, a missing permission, a defect).
 */
export type FaultKind = 'throttled' | 'unavailable' | 'refused'

/** Engine fault, after all retries. Whether an append was stored is not known; its retry finds out. */
export class EventStoreFault extends Error {
  override readonly name: string = 'EventStoreFault'
  readonly kind: FaultKind
  constructor(message: string, kind: FaultKind, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** Clocks disagree by more than order in time can bear (decision 12): refused before any write. */
export class ClockFault extends EventStoreFault {
  override readonly name = 'ClockFault'
  constructor(message: string) {
    super(message, 'unavailable')
  }
}

/** A programmer's error: this draft, or this stream's name, cannot be stored as it is. Trying it again is of no use. */
export class InvalidDraft extends TypeError {
  override readonly name = 'InvalidDraft'
  readonly stream: StreamName
  /** Where, as an RFC 6901 pointer into the draft: `/events/3/data/total`; `/stream/id` is the stream's name. */
  readonly pointer: string
  readonly reason: string
  constructor(stream: StreamName, pointer: string, reason: string) {
    super(`draft for ${stream.tenant}/${stream.type}/${stream.id} cannot be stored: ${pointer} ${reason}`)
    this.stream = stream
    this.pointer = pointer
    this.reason = reason
  }
}

/** A stored commit that cannot be trusted: undecodable, hash mismatch, out of sequence, its events gone. Never skipped. */
export class CorruptCommit extends Error {
  override readonly name = 'CorruptCommit'
  readonly stream: StreamName
  readonly version: number
  constructor(stream: StreamName, version: number, reason: string) {
    super(`commit ${stream.tenant}/${stream.type}/${stream.id}@${version} is corrupt: ${reason}`)
    this.stream = stream
    this.version = version
  }
}
