import type { Change, Row } from '../projections/change.ts'
import { mergeChanges } from '../projections/merge.ts'
import type { DomainEvent } from '../projections/projection.ts'
import type { ReadModel } from '../projections/read-model.ts'
import type { RecordedEventsOf } from '../projections/recorded.ts'
import type { Fold } from './entity.ts'

/** Rows of a table, in the order in which they came up. */
type RowsIn = (table: string) => ReadonlyArray<Row>

const rowsOf = (change: Change): ReadonlyArray<Row> => {
  switch (change.op) {
    case 'put':
      return [{ ...change.key, ...change.row }]
    case 'add':
      return [{ ...change.key, ...change.deltas }]
    case 'patch':
    case 'remove':
      return []
  }
}

const rowsIn =
  (changes: ReadonlyArray<Change>): RowsIn =>
  (table) =>
    changes.filter((change) => change.table === table).flatMap(rowsOf)

/** What is there is what a view shows: folds a stream by the view's own projection. `show` gets the rows that the stream made. */
export const viewFold = <R>(
  model: ReadModel,
  decode: RecordedEventsOf,
  show: (rowsIn: RowsIn) => R | null,
): Fold<DomainEvent, ReadonlyArray<Change>, R> => ({
  decode,
  initial: [],
  evolve: (changes, event) => mergeChanges([...changes, ...model.changesOf(event)]),
  show: (changes) => show(rowsIn(changes)),
})
