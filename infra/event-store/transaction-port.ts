import type { Either } from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { Appended, CommitTooLarge, Conflict, Draft, EventStore, Position, StreamName } from './port.ts'

/**
 * A value that one stream holds, alone in its tenant and scope: an e-mail address, the order that an invoice is for. `scope`:
 * 1 to 64 of a-z and '-'. `value`: well-formed text of 1 to 1,024 bytes of UTF-8, compared byte by byte.
 */
export type Holding = { readonly scope: string; readonly value: string; readonly holder: StreamName }

/** Names a sequence of the numbers 1, 2, 3, … without a gap. `name`: 1 to 64 of a-z and '-'. */
export type SequenceName = { readonly tenant: string; readonly name: string }

/** Uses the numbers from `after` + 1 to `through`; `after` is the last number used so far, 0 at first. */
export type Advance = { readonly sequence: SequenceName; readonly after: number; readonly through: number }

/** What is written all or none: commits, and what must be unique or without a gap along with them. */
export type Transaction = {
  /** At most one a stream. */
  readonly commits: ReadonlyNonEmptyArray<{ readonly position: Position; readonly draft: Draft }>
  /** Streams that must still end there, because the commits were decided on what they said. */
  readonly unmoved?: ReadonlyArray<Position>
  /** Taking what one holds already changes nothing. */
  readonly claims?: ReadonlyArray<Holding>
  /** Giving up what nobody holds changes nothing. */
  readonly releases?: ReadonlyArray<Holding>
  readonly advances?: ReadonlyArray<Advance>
}

/** Somebody else holds what was to be claimed or released. */
export type Reserved = { readonly _tag: 'Reserved' } & Holding

/** Another writer used numbers of the sequence; `last` is the last one used. */
export type SequenceMoved = { readonly _tag: 'SequenceMoved'; readonly sequence: SequenceName; readonly last: number }

/** Other transactions were in the way of this one until its tries were used up; it may be tried again. */
export type Contended = { readonly _tag: 'Contended'; readonly attempts: number }

/** No transaction can be like this: refused before any write. `item` tells which one it would write twice. */
export type OverLimit = {
  readonly _tag: 'OverLimit'
  readonly limit: 'actions' | 'bytes' | 'actions-on-an-item'
  readonly actual: number
  readonly allowed: number
  readonly item?: string
}

/** Where several things were in the way, the first in this order is told: conflicts, reservations, sequences. */
export type TransactionFailure = Conflict | Reserved | SequenceMoved | Contended | CommitTooLarge | OverLimit

/** An event store that also writes to several streams at once. */
export type TransactionalEventStore = EventStore & {
  /**
   * The commits come back in their order. A try whose answer was lost is known again by its commit ids, and is a success. A
   * `Conflict` is about the stream that its winner names. Rejects (throws) like `append`, and with `TypeError` on names, values
   * and numbers that are not as described here.
   */
  readonly appendAll: (transaction: Transaction) => Promise<Either<TransactionFailure, ReadonlyNonEmptyArray<Appended>>>
}
