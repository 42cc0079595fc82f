import * as E from 'fp-ts/lib/Either.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { positionBehind, type Sealed, type Stamp, seal } from './commit.ts'
import { type Item, itemOf, itemSize } from './item.ts'
import { partitionKeyOf } from './keys.ts'
import { ITEM_LIMIT } from './limits.ts'
import type { Appended, CommitTooLarge, Position } from './port.ts'
import { assertMadeByStore } from './position.ts'
import { RESERVATION_TABLE, reservationKeyOf, sequenceKeyOf } from './reservation-keys.ts'
import type { Advance, Holding, OverLimit, Transaction } from './transaction-port.ts'

/** DynamoDB: 100 actions a transaction. */
const ACTION_LIMIT = 100

/** DynamoDB: 4 MB a transaction; the rest is our margin, as it is for an item. */
const BYTES_LIMIT = 4 * 1024 * 1024 - 16 * 1024

/** One action of a transaction; `item` is what it writes. */
export type Part =
  | { readonly _tag: 'Commit'; readonly sealed: Sealed; readonly item: Item }
  | { readonly _tag: 'Unmoved'; readonly position: Position }
  | { readonly _tag: 'Claim'; readonly holding: Holding; readonly item: Item }
  | { readonly _tag: 'Release'; readonly holding: Holding }
  | { readonly _tag: 'Advance'; readonly advance: Advance; readonly item: Item }

/** A transaction with its commits sealed. `parts` are its actions: the commits first, as many as there are. */
export type Plan = { readonly sealed: RNEA.ReadonlyNonEmptyArray<Sealed>; readonly parts: ReadonlyArray<Part> }

const unmovedPart = (position: Position): Part => {
  assertMadeByStore(position)
  return { _tag: 'Unmoved', position }
}

const claimPart = (holding: Holding): Part => {
  const { partitionKey, holder } = RESERVATION_TABLE
  const item = { [partitionKey]: { S: reservationKeyOf(holding) }, [holder]: { S: partitionKeyOf(holding.holder) } }
  return { _tag: 'Claim', holding, item }
}

const advancePart = (advance: Advance): Part => {
  const { sequence, after, through } = advance
  if (!Number.isSafeInteger(after) || !Number.isSafeInteger(through) || after < 0 || through <= after) {
    throw new TypeError(`a sequence goes from a whole number to a larger one, not from ${after} to ${through}`)
  }
  const { partitionKey, lastNumber } = RESERVATION_TABLE
  const item = { [partitionKey]: { S: sequenceKeyOf(sequence) }, [lastNumber]: { N: String(through) } }
  return { _tag: 'Advance', advance, item }
}

/** Names the item that a part writes or looks at; for commits, their stream. */
export const targetOf = (part: Part): string => {
  switch (part._tag) {
    case 'Commit':
      return `stream ${partitionKeyOf(part.sealed.commit.stream)}`
    case 'Unmoved':
      return `stream ${partitionKeyOf(part.position.stream)}`
    case 'Claim':
    case 'Release':
      return `reservation ${reservationKeyOf(part.holding)}`
    case 'Advance':
      return `sequence ${sequenceKeyOf(part.advance.sequence)}`
  }
}

const sizeOf = (part: Part): number =>
  'item' in part ? itemSize(part.item) : Buffer.byteLength(targetOf(part), 'utf8')

const overLimit = (parts: ReadonlyArray<Part>): OverLimit | CommitTooLarge | undefined => {
  if (parts.length > ACTION_LIMIT) {
    return { _tag: 'OverLimit', limit: 'actions', actual: parts.length, allowed: ACTION_LIMIT }
  }
  for (const [item, same] of Map.groupBy(parts, targetOf)) {
    if (same.length > 1)
      return { _tag: 'OverLimit', limit: 'actions-on-an-item', actual: same.length, allowed: 1, item }
  }
  const sizes = parts.map(sizeOf)
  const largest = Math.max(...sizes)
  if (largest > ITEM_LIMIT) return { _tag: 'CommitTooLarge', size: largest, limit: ITEM_LIMIT }
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return bytes > BYTES_LIMIT ? { _tag: 'OverLimit', limit: 'bytes', actual: bytes, allowed: BYTES_LIMIT } : undefined
}

/** Throws `TypeError` on what no caller may ask for. */
export const planOf = (
  { commits, unmoved = [], claims = [], releases = [], advances = [] }: Transaction,
  stamp: Stamp,
): E.Either<OverLimit | CommitTooLarge, Plan> => {
  for (const { position } of commits) assertMadeByStore(position)
  const sealed = RNEA.map(({ position, draft }: Transaction['commits'][number]) => seal(position, draft, stamp))(
    commits,
  )
  const parts: ReadonlyArray<Part> = [
    ...sealed.map((each): Part => ({ _tag: 'Commit', sealed: each, item: itemOf(each) })),
    ...unmoved.map(unmovedPart),
    ...claims.map(claimPart),
    ...releases.map((holding): Part => ({ _tag: 'Release', holding })),
    ...advances.map(advancePart),
  ]
  const over = overLimit(parts)
  return over === undefined ? E.right({ sealed, parts }) : E.left(over)
}

/** The commits of a plan as they stand when it is done. */
export const appendedBy = ({ sealed }: Plan): RNEA.ReadonlyNonEmptyArray<Appended> =>
  RNEA.map(({ commit }: Sealed) => ({ commit, position: positionBehind(commit) }))(sealed)
