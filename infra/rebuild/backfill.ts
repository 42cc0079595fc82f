import type { ClientBase, Pool } from 'pg'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { CommitScan, ScanPosition } from '../event-store/scan.ts'
import { copyInto } from '../postgres/copy.ts'
import { isFaultOfValues } from '../postgres/faults.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { checkpointTableOf } from '../views/checkpoint-table.ts'
import { moveSegment, readSegments, SegmentOvertaken, type SegmentState } from './books.ts'
import type { Draw } from './draw.ts'
import { keepDrawn } from './drawn-changes.ts'
import { type Folded, foldOf } from './fold.ts'
import type { Pace } from './pace.ts'
import type { Ring } from './port.ts'
import { allColumns } from './row-key.ts'
import { partsOf, qualified } from './shadow.ts'
import { sideBySide } from './side-by-side.ts'

export type Backfill = {
  readonly model: ReadModel
  readonly decode: RecordedEventsOf
  readonly scan: CommitScan
  /** Of the tables' owner. */
  readonly pool: Pool
  readonly schema: string
  readonly segments: number
  /** Shared by all segments. */
  readonly draw: Draw
  readonly tenant?: string
  readonly pace: Pace
  /** Takes streams that a scan cannot fold, in the transaction that goes on behind them. */
  readonly leave: (client: ClientBase, rings: ReadonlyArray<Ring>) => Promise<void>
  /** Items that were read and events that were folded since the last call. */
  readonly onProgress: (read: number, events: number) => void
  readonly signal: AbortSignal
}

/** Rows that all segments together hold before they copy them. Rows that many streams share meet within that; more would only fill memory. */
const ROWS_AT_HAND = 60_000

const CHECKPOINT_COLUMNS = ['tenant', 'stream_type', 'stream_id', 'version']

/** What is to be copied, and which part of which segment it is. */
type Portion = {
  readonly segment: number
  readonly from: ScanPosition | undefined
  readonly folded: Folded
  readonly done: boolean
}

const copyPortion = (work: Backfill, { segment, from, folded, done }: Portion): Promise<void> => {
  const { model, pool, schema } = work
  return inTransaction(pool, 'BEGIN', async (client) => {
    await moveSegment(client, schema, segment, { from, to: folded.position, events: folded.events, done })
    for (const table of model.tables) {
      const columns = allColumns(table)
      await copyInto(client, qualified(schema, table.name), columns, folded.owned.get(table.name) ?? [])
      await copyInto(client, qualified(schema, partsOf(table.name)), columns, folded.shared.get(table.name) ?? [])
    }
    await copyInto(client, qualified(schema, checkpointTableOf(model.name)), CHECKPOINT_COLUMNS, folded.checkpoints)
    await keepDrawn(client, schema, folded.drawn, work.draw.least())
    await work.leave(client, folded.troubled)
  })
}

/** Everything of a handful of streams but their rows. */
const withoutRows = (folded: Folded): Folded => ({
  ...folded,
  events: 0,
  owned: new Map(),
  shared: new Map(),
  checkpoints: [],
  drawn: [],
})

/** How much is gathered before it is copied. */
type Window = { readonly rows: number; readonly streams: number }

/**
 * Where one run over a segment ended, and why: it is `done`; the view `refused` a row among what was to be copied together;
 * it was refused a single stream, which is `left` to the live projector's way to park.
 */
type Run = { readonly after: ScanPosition | undefined; readonly end: 'done' | 'refused' | 'left' }

const tryCopy = async (work: Backfill, portion: Portion): Promise<boolean> => {
  try {
    await copyPortion(work, portion)
    return true
  } catch (error) {
    if (!isFaultOfValues(error)) throw error
    return false
  }
}

/** Reads a segment from a position on, and copies whenever the window is full. */
const runSegment = async (
  work: Backfill,
  segment: number,
  from: ScanPosition | undefined,
  window: Window,
): Promise<Run> => {
  const { model, tenant, pace, onProgress, signal } = work
  const fold = foldOf(model, work.decode, work.draw)
  let after = from
  const copy = async (done: boolean): Promise<Run['end']> => {
    const folded = fold.handOut()
    const { position } = folded
    const portion = { segment, from: after, folded, done }
    const copied = await tryCopy(work, portion)
    if (!copied && window.streams > 1) return 'refused'
    if (!copied && position !== undefined) {
      const troubled = [{ stream: position.stream, through: position.version }]
      await copyPortion(work, { ...portion, folded: { ...withoutRows(folded), troubled } })
    }
    if (copied) onProgress(0, folded.events)
    after = position ?? after
    return copied ? 'done' : 'left'
  }
  const pages = work.scan({
    segment,
    of: work.segments,
    streamTypes: model.streamTypes,
    ...(tenant !== undefined && { tenant }),
    ...(from !== undefined && { after: from }),
    ...(pace.pageSize !== undefined && { limit: pace.pageSize }),
  })
  for await (const { commits, read } of pages) {
    signal.throwIfAborted()
    for (const commit of commits) {
      fold.take(commit)
      if (fold.size() < window.rows && fold.streams() < window.streams) continue
      const end = await copy(false)
      if (end !== 'done') return { after, end }
    }
    onProgress(read, 0)
    await pace.passed(read)
  }
  fold.end()
  return { after, end: await copy(true) }
}

/** Where a segment is that somebody else has moved. */
const whereItIs = async ({ pool, schema }: Backfill, segment: number): Promise<Run> => {
  const state = (await readSegments(pool, schema)).find((each) => each.segment === segment)
  return { after: state?.after, end: state?.done ? 'done' : 'left' }
}

/** A segment to its end. Where a row is refused, ever fewer streams are copied at once, until the one at fault stands alone. */
const fillSegment = async (work: Backfill, { segment, after }: SegmentState): Promise<void> => {
  const rows = Math.ceil(ROWS_AT_HAND / work.segments)
  let streams = rows
  let run: Run = { after, end: 'left' }
  do {
    streams = run.end === 'refused' ? Math.max(1, streams >> 1) : rows
    run = await runSegment(work, segment, run.after, { rows, streams }).catch((error: unknown) => {
      if (error instanceof SegmentOvertaken) return whereItIs(work, segment)
      throw error
    })
  } while (run.end !== 'done')
}

/** Reads all segments that are not done, side by side, into the tables of `schema`. */
export const backfill = (work: Backfill, states: ReadonlyArray<SegmentState>): Promise<void> =>
  sideBySide(
    states.filter(({ done }) => !done),
    work.signal,
    (state, signal) => fillSegment({ ...work, signal }, state),
  )
