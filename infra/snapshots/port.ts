import type { StreamName } from '../event-store/port.ts'

/** Commits a page. */
export const PAGE_SIZE = 1_024

/**
 * The command ids of consecutive commits, shortened to 32 bits each: enough to say "never" of nearly every new id. All pages of a
 * stream but the last hold `PAGE_SIZE` commits, from the first commit on, so a full page is the same whoever makes it.
 */
export type CommandPage = {
  /** Version of the event before the first commit. */
  readonly after: number
  /** Version of the last event of the last commit. */
  readonly through: number
  /** Signed 32-bit integers, one a commit, in the order of the commits. */
  readonly ids: ReadonlyArray<number>
}

/** A stream folded up to a version: the state, and which commands are in it. A cache; events are what counts. */
export type Snapshot = {
  readonly stream: StreamName
  /** Version of the state's schema: another build's state is not read. */
  readonly schema: number
  /** Version of the last event that is in it, which is the last of its commit. */
  readonly version: number
  /** Hash of that commit: a stream that has another one there was not folded into this. */
  readonly hash: string
  /** JSON. */
  readonly state: unknown
  readonly commands: ReadonlyArray<CommandPage>
}

/** Rejects when its engine is away; the caller does without. */
export type Snapshots = {
  /** The newest of this schema. One that does not decode, or misses a page, is as good as none. */
  readonly load: (stream: StreamName, schema: number) => Promise<Snapshot | undefined>
  /**
   * Keeps it unless a newer one of its schema is there. Too large a state is not kept. `pagesKept`: how many full pages earlier
   * saves of this stream have kept, which need no writing.
   */
  readonly save: (snapshot: Snapshot, pagesKept: number) => Promise<void>
}
