import type { Change, Row } from './change.ts'

/** All that the machinery knows of any domain's event. */
export type DomainEvent = { readonly type: string }

/** One event with what a view may want to know of its commit. */
export type RecordedEvent<E> = {
  readonly tenant: string
  readonly streamType: string
  readonly streamId: string
  /** Version of this event in its stream. */
  readonly version: number
  readonly commitId: string
  /** Commit time, RFC 3339 UTC. */
  readonly time: string
  readonly event: E
}

export type ColumnType = 'text' | 'integer' | 'bigint' | 'numeric' | 'boolean' | 'date' | 'timestamptz'

/** A view's table: every key starts with `tenant`. `owned` rows take put, patch and remove; `shared` rows take add. */
export type Table = {
  readonly name: string
  readonly rows: 'owned' | 'shared'
  readonly key: { readonly [column: string]: ColumnType }
  readonly columns: { readonly [column: string]: ColumnType }
  /** The column that names the person whom a row is about, in rows that hold `where`. In no other column may a person be named. */
  readonly subject?: { readonly column: string; readonly where?: Row }
}

type Handlers<E extends DomainEvent> = {
  readonly [T in E['type']]: (recorded: RecordedEvent<Extract<E, { readonly type: T }>>) => ReadonlyArray<Change>
}

/**
 * A read model as data: pure handlers from events to row changes. `on` names every event type of `streamTypes`; one that it
 * does not name is unknown and parks its stream. Raise `version` whenever the outcome changes for the same events.
 */
export type Projection<E extends DomainEvent> = {
  readonly name: string
  readonly version: number
  readonly streamTypes: ReadonlyArray<string>
  readonly tables: ReadonlyArray<Table>
  readonly on: Handlers<E>
}
