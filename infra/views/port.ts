import type { Change } from '../../projections/change.ts'
import type { Table } from '../../projections/projection.ts'
import type { StreamName } from '../event-store/port.ts'

/** A stream that a projection could not apply. */
export type ParkedStream = {
  readonly projection: string
  readonly stream: StreamName
  /** Version of the first event that was not applied. */
  readonly version: number
  readonly error: string
  /** How many times it was tried. */
  readonly attempts: number
}

/** The dead letters: streams that a projection leaves alone until somebody has healed them. Rejects when the engine is away. */
export type ParkedStreams = {
  /** Parks a stream, or counts another attempt on one that is parked already. */
  readonly park: (parked: Omit<ParkedStream, 'attempts'>) => Promise<void>
  /** Lets the projection go on from its checkpoint with the stream's next event; answers whether it was parked. */
  readonly unpark: (projection: string, stream: StreamName) => Promise<boolean>
  readonly parked: (projection: string) => Promise<ReadonlyArray<ParkedStream>>
  /** One answer per stream, in their order. */
  readonly areParked: (projection: string, streams: ReadonlyArray<StreamName>) => Promise<ReadonlyArray<boolean>>
}

/** How far a projection has come in a stream: the last version it holds (0: none). */
export type Progress = { readonly checkpoint: number; readonly parked: boolean }

/** A projection moves on in a stream: its checkpoint goes from one version to another (0: it had none). */
export type Advance = { readonly stream: StreamName; readonly from: number; readonly to: number }

export type ViewCommit = {
  readonly projection: { readonly name: string; readonly tables: ReadonlyArray<Table> }
  /** At most one per stream. */
  readonly advances: ReadonlyArray<Advance>
  /** In the order of each stream's events; any number per row. */
  readonly changes: ReadonlyArray<Change>
}

/** Read models with their checkpoints. Rejects with whatever the engine threw when the engine is at fault. */
export type ViewStore = ParkedStreams & {
  /** One answer per stream, in their order. */
  readonly progress: (projection: string, streams: ReadonlyArray<StreamName>) => Promise<ReadonlyArray<Progress>>
  /**
   * Applies the changes and moves the checkpoints in one transaction. `raced`: a checkpoint does not stand where its advance
   * starts (another projector was there): nothing was written. Rejects with `RejectedChanges` when the changes themselves
   * are at fault.
   */
  readonly commit: (commit: ViewCommit) => Promise<'committed' | 'raced'>
}

/** The view can never take these changes: they do not fit its tables, or break a constraint. Nothing was written. */
export class RejectedChanges extends Error {
  override readonly name = 'RejectedChanges'
}
