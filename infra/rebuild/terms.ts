import type { Pool } from 'pg'
import type { Log } from '../../projections/log.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { Commit, EventStore } from '../event-store/port.ts'
import type { CommitScan } from '../event-store/scan.ts'
import type { Counts } from './counts.ts'
import type { Pace } from './pace.ts'

export type RebuildDeps = {
  readonly events: Pick<EventStore, 'read' | 'tail'>
  readonly scan: CommitScan
  readonly decode: RecordedEventsOf
  /** Of the tables' owner; at least four connections. */
  readonly pool: Pool
  /** The same, where names without a schema are looked for in the given one first. */
  readonly poolIn: (schema: string) => Pool
  /** All archived commits in order of time. */
  readonly archive: () => AsyncIterable<Commit>
  /** Commits in the event table, more or less. */
  readonly size: number
  readonly pace: Pace
  readonly log: Log
}

export type RebuildOptions = {
  /** Parts of the event table that are read side by side. */
  readonly segments: number
  /** Only this tenant's rows are rebuilt. */
  readonly tenant?: string
  /** Read the archive instead of the event table. */
  readonly fromArchive?: boolean
  /** Begin anew even if an earlier run could be gone on with. */
  readonly restart?: boolean
}

/** What goes on, for whoever watches. `reading`: items read and events folded since the last call. */
export type Step =
  | { readonly _tag: 'Begun'; readonly resumed: boolean; readonly segments: number }
  | { readonly _tag: 'Read'; readonly items: number; readonly events: number }
  | { readonly _tag: 'Indexing' | 'Verifying' | 'CatchingUp' | 'Switching' }

export type Watch = { readonly onStep: (step: Step) => void; readonly signal: AbortSignal }

export type Rebuilt = Counts & {
  readonly projection: string
  readonly version: number
  /** Streams that changed while the rebuild ran. */
  readonly caughtUp: number
  /** Milliseconds that projectors, and at the end readers, had to wait. */
  readonly lockedMs: number
}
