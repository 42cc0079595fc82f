import Big from 'big.js'
import type { Change, Row, Value } from '../../projections/change.ts'
import type { StreamName } from '../event-store/port.ts'
import { assertFitting } from './fitting.ts'
import type { ParkedStream, ViewStore } from './port.ts'

type Tables = Map<string, Map<string, Row>>

const idOf = (row: Row): string => JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)))

const plus = (value: Value | undefined, delta: number | string): number | string => {
  if (typeof delta === 'number' && typeof value !== 'string') return Number(value ?? 0) + delta
  return new Big(String(value ?? 0)).plus(delta).toFixed()
}

const changed = (before: Row | undefined, change: Exclude<Change, { op: 'remove' }>): Row | undefined => {
  switch (change.op) {
    case 'put':
      return { ...change.row, ...change.key }
    case 'patch':
      return before && { ...before, ...change.row }
    case 'add': {
      const sums = Object.entries(change.deltas).map(([column, delta]) => [column, plus(before?.[column], delta)])
      return { ...change.key, ...before, ...Object.fromEntries(sums) }
    }
  }
}

/** What changes mean: applied one after the other to tables of rows. The reference for every other interpreter. */
export const applyTo = (tables: Tables, changes: Iterable<Change>): void => {
  for (const change of changes) {
    const rows = tables.get(change.table) ?? new Map<string, Row>()
    tables.set(change.table, rows)
    const id = idOf(change.key)
    const row = change.op === 'remove' ? undefined : changed(rows.get(id), change)
    if (row === undefined) rows.delete(id)
    else rows.set(id, row)
  }
}

const streamKey = (projection: string, { tenant, type, id }: StreamName): string =>
  JSON.stringify([projection, tenant, type, id])

export type MemoryViewStore = ViewStore & {
  /** The rows of a table, in no particular order; columns never written are absent. */
  readonly rows: (table: string) => ReadonlyArray<Row>
}

/** Views in memory, for tests and simulations; the same contract as those in Postgres. */
export const memoryViewStore = (): MemoryViewStore => {
  const tables: Tables = new Map()
  const checkpoints = new Map<string, number>()
  const parked = new Map<string, ParkedStream>()
  const checkpoint = (projection: string, stream: StreamName): number =>
    checkpoints.get(streamKey(projection, stream)) ?? 0
  return {
    progress: async (projection, streams) =>
      streams.map((stream) => ({
        checkpoint: checkpoint(projection, stream),
        parked: parked.has(streamKey(projection, stream)),
      })),
    commit: async ({ projection, advances, changes }) => {
      if (advances.some(({ stream, from }) => checkpoint(projection.name, stream) !== from)) return 'raced'
      assertFitting(projection.tables, changes)
      applyTo(tables, changes)
      for (const { stream, to } of advances) checkpoints.set(streamKey(projection.name, stream), to)
      return 'committed'
    },
    park: async (entry) => {
      const key = streamKey(entry.projection, entry.stream)
      parked.set(key, { ...entry, attempts: (parked.get(key)?.attempts ?? 0) + 1 })
    },
    unpark: async (projection, stream) => parked.delete(streamKey(projection, stream)),
    parked: async (projection) => [...parked.values()].filter((entry) => entry.projection === projection),
    areParked: async (projection, streams) => streams.map((stream) => parked.has(streamKey(projection, stream))),
    rows: (table) => [...(tables.get(table)?.values() ?? [])],
  }
}
