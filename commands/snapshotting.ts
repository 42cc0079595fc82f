import type { Snapshots } from '../infra/snapshots/port.ts'
import { PAGE_SIZE } from '../infra/snapshots/port.ts'
import type { Aggregate } from './aggregate.ts'
import type { Loaded } from './loaded.ts'

/** When snapshots are made, and by whom they are finished. */
export type Snapshotting = {
  readonly snapshots: Snapshots
  /** A snapshot is due when so many events came behind the newest one. */
  readonly everyEvents: number
  /** Or when loading the stream took longer than this, in milliseconds. */
  readonly slowLoadMs: number
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  /** Takes what the command does not wait for; it may fail, which costs speed alone. */
  readonly background: (saving: Promise<void>) => unknown
}

/** Fewer events than a first request reads (see `load`), so that a snapshot and that request meet. */
export const SNAPSHOT_POLICY = { everyEvents: 100, slowLoadMs: 50 } as const

/**
 * Starts to save the state that a command left, when the policy says so; answers what is to be remembered. What is remembered counts
 * on the snapshot, so `onFailure` has to forget it again: else the pages that were not kept would be missing in all later ones.
 */
export const snapshotWhenDue = <S, C, E, R>(
  { snapshots, everyEvents, slowLoadMs, background }: Snapshotting,
  { kept }: Aggregate<S, C, E, R>,
  loaded: Loaded<S>,
  loadMs: number,
  onFailure: () => void,
): Loaded<S> => {
  const { state, position, commands, snapshot } = loaded
  const { stream, version, hash } = position
  const due = version - snapshot >= everyEvents || (loadMs > slowLoadMs && version > snapshot)
  // Another command's commit may stand in the log already, which the state does not hold yet.
  if (kept === undefined || !due || commands.through() !== version) return loaded
  const pages = commands.pages()
  const pagesKept = pages.filter(({ ids, through }) => ids.length === PAGE_SIZE && through <= snapshot).length
  const snapshotted = { stream, schema: kept.version, version, hash, state: kept.codec.encode(state), commands: pages }
  const saving = snapshots.save(snapshotted, pagesKept).catch((error: unknown) => {
    onFailure()
    throw error
  })
  background(saving)
  return { ...loaded, snapshot: version }
}
