import type { ClientBase } from 'pg'
import type { EventStore } from '../infra/event-store/port.ts'
import type { Asked } from '../infra/postgres/statement.ts'

/** Asks each statement by itself, in one round trip, and of one tenant's rows alone. */
export type ReadsOf = (tenant: string) => Asked

/** For several statements: runs `work` in one read-only transaction that sees one snapshot, and of that one tenant's rows alone. */
export type AsReader = <A>(tenant: string, work: (client: ClientBase) => Promise<A>) => Promise<A>

export type WaitingClock = {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** What queries of views in Postgres and of single streams need. Each of them throws when its engine is away. */
export type ReadDeps = {
  readonly asReader: AsReader
  readonly readsOf: ReadsOf
  readonly events: Pick<EventStore, 'read'>
  readonly clock: WaitingClock
}
