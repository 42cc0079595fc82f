import type { CancellationReason } from '@aws-sdk/client-dynamodb'
import type { Image } from './item.ts'
import { streamOfPartitionKey } from './keys.ts'
import { RESERVATION_TABLE } from './reservation-keys.ts'
import type { Part } from './transaction-plan.ts'
import type { Reserved, SequenceMoved } from './transaction-port.ts'

/** What stood in the way of one action, or of the transaction as a whole. */
export type Verdict =
  /** A commit stands where one was to go, or behind a position that was not to move. */
  | { readonly _tag: 'Taken'; readonly by: Image }
  | Reserved
  | SequenceMoved
  | { readonly _tag: 'Busy'; readonly cause: 'contention' | 'throttling' }
  | { readonly _tag: 'Broken'; readonly why: string }

/** DynamoDB, TransactionCanceledException: codes after which the same transaction may succeed. */
const BUSY = new Map<string, 'contention' | 'throttling'>([
  ['TransactionConflict', 'contention'],
  ['ProvisionedThroughputExceeded', 'throttling'],
  ['ThrottlingError', 'throttling'],
])

const broken = (why: string): Verdict => ({ _tag: 'Broken', why })

/** What a failed condition means. `found` is the item that was there; there is none where an item was expected in vain. */
const conditionFailed = (part: Part, found: Image | undefined): Verdict => {
  switch (part._tag) {
    case 'Commit':
    case 'Unmoved':
      return found === undefined
        ? broken('DynamoDB does not tell which commit was in the way')
        : { _tag: 'Taken', by: found }
    case 'Claim':
    case 'Release': {
      const holder = streamOfPartitionKey(found?.[RESERVATION_TABLE.holder]?.S ?? '')
      return holder === undefined
        ? broken('a reservation names no holder')
        : { _tag: 'Reserved', ...part.holding, holder }
    }
    case 'Advance': {
      const last = Number(found?.[RESERVATION_TABLE.lastNumber]?.N ?? 0)
      return Number.isSafeInteger(last)
        ? { _tag: 'SequenceMoved', sequence: part.advance.sequence, last }
        : broken('a sequence holds no number')
    }
  }
}

const verdictOn = (part: Part | undefined, { Code: code = 'None', Item: item, Message: why }: CancellationReason) => {
  if (code === 'None' || part === undefined) return []
  if (code === 'ConditionalCheckFailed') return [conditionFailed(part, item)]
  const cause = BUSY.get(code)
  return [cause === undefined ? broken(`${code}: ${why}`) : ({ _tag: 'Busy', cause } as const)]
}

const RANK: ReadonlyArray<Verdict['_tag']> = ['Taken', 'Broken', 'Reserved', 'SequenceMoved', 'Busy']

/**
 * Takes a cancelled transaction apart. `reasons` come in the order of the actions, one each. A commit that is there comes first,
 * because it may be one's own; contention comes last, because trying again would meet all others again.
 */
export const verdictOf = (parts: ReadonlyArray<Part>, reasons: ReadonlyArray<CancellationReason>): Verdict => {
  const verdicts = reasons.flatMap((reason, index) => verdictOn(parts[index], reason))
  for (const tag of RANK) {
    const first = verdicts.find((verdict) => verdict._tag === tag)
    if (first !== undefined) return first
  }
  return broken('DynamoDB does not tell why')
}
