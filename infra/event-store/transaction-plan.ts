import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { positionBehind, type Sealed, type Stamp, seal } from './commit.ts'
import { storableText } from './draft.ts'
import { type Item, itemOf, itemSize, type Kept } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import type { LargeCommits } from './large-commits.ts'
import { ITEM_LIMIT } from './limits.ts'
import type { Appended, CommitTooLarge, Position } from './port.ts'
import { assertMadeByStore } from './position.ts'
import { RESERVATION_TABLE, reservationKeyOf, sequenceKeyOf } from './reservation-keys.ts'
import type { Advance, Holding, OverLimit, Transaction } from './transaction-port.ts'

/** DynamoDB: 100 actions a transaction. */
const ACTION_LIMIT = 100

/** DynamoDB: 4 MB a transaction; the rest is our margin, as it is for an item. */
const BYTES_LIMIT = 4 * 1024 * 1024 - 16 * 1024

/** What of a commit does not depend on its stamp. */
type Prepared = Transaction['commits'][number] & { readonly eventsText: string; readonly kept: Kept }

export type PreparedTransaction = Omit<Transaction, 'commits'> & {
  readonly commits: RNEA.ReadonlyNonEmptyArray<Prepared>
}

/** One action of a transaction; `item` is what it writes. */
export type Part =
  | { readonly _tag: 'Commit'; readonly sealed: Sealed; readonly item: Item }
  | { readonly _tag: 'Unmoved'; readonly position: Position }
  | { readonly _tag: 'Claim'; readonly holding: Holding; readonly item: Item }
  | { readonly _tag: 'Release'; readonly holding: Holding }
  | { readonly _tag: 'Advance'; readonly advance: Advance; readonly item: Item }

/** A transaction under one stamp. `parts` are its actions: the commits first, as many as there are. */
export type Plan = { readonly sealed: RNEA.ReadonlyNonEmptyArray<Sealed>; readonly parts: ReadonlyArray<Part> }

const streamTarget = ({ stream }: Position): string => `stream ${partitionKeyOf(stream)}`

/** Names the items that the parts write or look at: of a stream, that is its next commit alone. */
const targetsOf = ({ commits, unmoved = [], claims = [], releases = [], advances = [] }: Transaction) => [
  ...commits.map(({ position }) => streamTarget(position)),
  ...unmoved.map(streamTarget),
  ...[...claims, ...releases].map((holding) => `reservation ${reservationKeyOf(holding)}`),
  ...advances.map(({ sequence }) => `sequence ${sequenceKeyOf(sequence)}`),
]

const overActions = (targets: ReadonlyArray<string>): OverLimit | undefined => {
  if (targets.length > ACTION_LIMIT) {
    return { _tag: 'OverLimit', limit: 'actions', actual: targets.length, allowed: ACTION_LIMIT }
  }
  for (const [item, { length }] of Map.groupBy(targets, (target) => target)) {
    if (length > 1) return { _tag: 'OverLimit', limit: 'actions-on-an-item', actual: length, allowed: 1, item }
  }
  return undefined
}

const overBytes = (parts: ReadonlyArray<Part>): OverLimit | CommitTooLarge | undefined => {
  const sizes = parts.map((part) => ('item' in part ? itemSize(part.item) : 0))
  const largest = Math.max(...sizes)
  if (largest > ITEM_LIMIT) return { _tag: 'CommitTooLarge', size: largest, limit: ITEM_LIMIT }
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return bytes > BYTES_LIMIT ? { _tag: 'OverLimit', limit: 'bytes', actual: bytes, allowed: BYTES_LIMIT } : undefined
}

const assertSound = ({ commits, unmoved = [], advances = [] }: Transaction): void => {
  for (const position of [...commits.map((commit) => commit.position), ...unmoved]) assertMadeByStore(position)
  for (const { after, through } of advances) {
    if (!Number.isSafeInteger(after) || !Number.isSafeInteger(through) || after < 0 || through <= after) {
      throw new TypeError(`a sequence goes from a whole number to a larger one, not from ${after} to ${through}`)
    }
  }
}

/**
 * Done once for a transaction, before its first stamp: what it takes makes no commit late. Rejects with `TypeError` what no
 * caller may ask for.
 */
export const prepare = async (
  transaction: Transaction,
  keep: LargeCommits['keep'],
): Promise<E.Either<OverLimit | CommitTooLarge, PreparedTransaction>> => {
  assertSound(transaction)
  const over = overActions(targetsOf(transaction))
  if (over !== undefined) return E.left(over)
  return pipe(
    transaction.commits,
    RNEA.map((commit) => ({ ...commit, eventsText: storableText(commit.position.stream, commit.draft) })),
    RNEA.traverse(TE.ApplicativeSeq)((commit) =>
      pipe(
        () => keep(commit.position.stream, commit.eventsText),
        TE.map((kept) => ({ ...commit, kept })),
      ),
    ),
    TE.map((commits) => ({ ...transaction, commits })),
  )()
}

const { partitionKey, holder, lastNumber } = RESERVATION_TABLE

const claimPart = (holding: Holding): Part => {
  const item = { [partitionKey]: { S: reservationKeyOf(holding) }, [holder]: { S: partitionKeyOf(holding.holder) } }
  return { _tag: 'Claim', holding, item }
}

const advancePart = (advance: Advance): Part => {
  const { sequence, through } = advance
  const item = { [partitionKey]: { S: sequenceKeyOf(sequence) }, [lastNumber]: { N: String(through) } }
  return { _tag: 'Advance', advance, item }
}

/** The transaction under a new stamp. */
export const planOf = (
  { commits, unmoved = [], claims = [], releases = [], advances = [] }: PreparedTransaction,
  stamp: Stamp,
): E.Either<OverLimit | CommitTooLarge, Plan> => {
  const stamped = pipe(
    commits,
    RNEA.map(({ position, draft, eventsText, kept }) => {
      const sealed = seal(position, draft, stamp, eventsText)
      return { sealed, item: itemOf(sealed, kept) }
    }),
  )
  const sealed = pipe(
    stamped,
    RNEA.map((each) => each.sealed),
  )
  const parts: ReadonlyArray<Part> = [
    ...stamped.map((each): Part => ({ _tag: 'Commit', ...each })),
    ...unmoved.map((position): Part => ({ _tag: 'Unmoved', position })),
    ...claims.map(claimPart),
    ...releases.map((holding): Part => ({ _tag: 'Release', holding })),
    ...advances.map(advancePart),
  ]
  const over = overBytes(parts)
  return over === undefined ? E.right({ sealed, parts }) : E.left(over)
}

/** The commits of a plan as they stand when it is done. */
export const appendedBy = ({ sealed }: Plan): RNEA.ReadonlyNonEmptyArray<Appended> =>
  RNEA.map(({ commit }: Sealed) => ({ commit, position: positionBehind(commit) }))(sealed)
