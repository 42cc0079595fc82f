import type { Change, Row } from '../../projections/change.ts'
import { mergeChanges } from '../../projections/merge.ts'
import type { Table } from '../../projections/projection.ts'
import type { ReadModel } from '../../projections/read-model.ts'
import type { RecordedEventsOf } from '../../projections/recorded.ts'
import type { ScanPosition } from '../event-store/scan.ts'
import { copyLine } from '../postgres/copy.ts'
import { assertFitting } from '../views/fitting.ts'
import { RejectedChanges } from '../views/port.ts'
import type { Draw, Drawn } from './draw.ts'
import type { Ring } from './port.ts'
import { allColumns } from './row-key.ts'
import { type Sums, sumsOf } from './sums.ts'
import { stepsOf, type WholeStream, type WholeStreams, wholeStreams } from './whole-streams.ts'

/** What whole streams left in a view: ready to be copied, together and at once. */
export type Folded = {
  /** Behind which commit the scan has to go on once this is copied; undefined: nothing was folded. */
  readonly position: ScanPosition | undefined
  readonly events: number
  /** Lines in COPY's text format by table; columns as `allColumns`. */
  readonly owned: ReadonlyMap<string, ReadonlyArray<string>>
  readonly shared: ReadonlyMap<string, ReadonlyArray<string>>
  /** tenant, stream_type, stream_id, version. */
  readonly checkpoints: ReadonlyArray<string>
  /** Streams that a scan cannot fold; their gate in the live projector's way of doing things will. */
  readonly troubled: ReadonlyArray<Ring>
  /** The sample of shared rows: each of their changes as it came. */
  readonly drawn: ReadonlyArray<Drawn>
}

export type Fold = WholeStreams & {
  /** Rows at hand of streams that are complete. */
  readonly size: () => number
  /** Streams that are complete and not yet handed out. */
  readonly streams: () => number
  /** Hands out what is complete, and begins anew with the stream that is not. */
  readonly handOut: () => Folded
}

type Done = {
  position: ScanPosition | undefined
  events: number
  streams: number
  rows: number
  readonly owned: Map<string, string[]>
  readonly shared: Map<string, Sums>
  readonly checkpoints: string[]
  readonly troubled: Ring[]
  readonly drawn: Drawn[]
}

const nothing = (tables: ReadonlyArray<Table>): Done => ({
  position: undefined,
  events: 0,
  streams: 0,
  rows: 0,
  owned: new Map(tables.filter(({ rows }) => rows === 'owned').map(({ name }) => [name, []])),
  shared: new Map(tables.filter(({ rows }) => rows === 'shared').map((table) => [table.name, sumsOf(table)])),
  checkpoints: [],
  troubled: [],
  drawn: [],
})

/** The changes of a whole stream, in their order; undefined when it cannot be folded, or when they do not fit the view's tables. */
const changesOf = (
  model: ReadModel,
  decode: RecordedEventsOf,
  whole: WholeStream,
): { readonly changes: ReadonlyArray<Change>; readonly version: number } | undefined => {
  const steps = stepsOf(model, decode, whole)
  const last = steps?.at(-1)
  if (steps === undefined || last === undefined) return undefined
  const changes = steps.flatMap((step) => step.changes)
  try {
    assertFitting(model.tables, changes)
    return { changes, version: last.to }
  } catch (error) {
    // The live projector's way will meet the same fault, and park the stream with its reason.
    if (error instanceof RejectedChanges) return undefined
    throw error
  }
}

/**
 * Folds the commits of a segment stream by stream. What goes wrong with a stream (a commit that cannot be trusted, decoded or
 * projected, a gap) concerns that stream alone: it is handed over as `troubled`, with nothing of it in the rows.
 */
export const foldOf = (model: ReadModel, decode: RecordedEventsOf, draw: Draw): Fold => {
  const columns = new Map(model.tables.map((table) => [table.name, allColumns(table)]))
  let done = nothing(model.tables)

  const emit = (change: Change): void => {
    if (change.op === 'add') {
      const rarity = done.shared.get(change.table)?.add(change.key, change.deltas)
      if (rarity !== undefined && draw.take(rarity)) done.drawn.push({ rarity, change })
    } else if (change.op === 'put') {
      const row: Row = { ...change.row, ...change.key }
      const line = copyLine((columns.get(change.table) ?? []).map((column) => row[column] ?? null))
      done.owned.get(change.table)?.push(line)
      done.rows += 1
    }
  }

  const { take, end } = wholeStreams((whole) => {
    const { stream, last } = whole
    const folded = changesOf(model, decode, whole)
    done.position = last
    done.streams += 1
    if (folded === undefined) {
      done.troubled.push({ stream, through: last.version })
      return
    }
    const { changes, version } = folded
    for (const change of changes) if (change.op === 'add') emit(change)
    for (const change of mergeChanges(changes.filter(({ op }) => op !== 'add'))) emit(change)
    done.events += version
    done.checkpoints.push(copyLine([stream.tenant, stream.type, stream.id, version]))
  })

  return {
    take,
    end,
    size: () => done.rows + done.checkpoints.length + done.shared.values().reduce((sum, sums) => sum + sums.size(), 0),
    streams: () => done.streams,
    handOut: () => {
      const { position, events, owned, shared, checkpoints, troubled, drawn } = done
      done = nothing(model.tables)
      return {
        position,
        events,
        owned,
        shared: new Map(shared.entries().map(([name, sums]) => [name, sums.lines()])),
        checkpoints,
        troubled,
        drawn: drawn.filter(({ rarity }) => rarity >= draw.least()),
      }
    },
  }
}
