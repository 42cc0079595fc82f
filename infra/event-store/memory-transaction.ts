import * as E from 'fp-ts/lib/Either.js'
import * as RNEA from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import { memoryObjects } from '../objects/memory.ts'
import type { Sealed, Stamp } from './commit.ts'
import { partitionKeyOf } from './keys.ts'
import { largeCommits } from './large-commits.ts'
import type { Appended, Conflict, Slice, StreamName } from './port.ts'
import { reservationKeyOf, sequenceKeyOf } from './reservation-keys.ts'
import { type Part, planOf, prepare } from './transaction-plan.ts'
import type { TransactionalEventStore, TransactionFailure } from './transaction-port.ts'

/** The streams that a store in memory keeps. */
export type MemoryStreams = {
  /** The commit that begins with this version. */
  readonly at: (stream: StreamName, version: number) => Slice | undefined
  readonly keep: (sealed: Sealed) => Appended
}

/**
 * Transactions on streams in memory: looks at all parts and then writes all, without a pause in between. Their limits are those
 * of a store that has object storage.
 */
export const memoryTransactions = (
  { at, keep }: MemoryStreams,
  stamp: Stamp,
): Pick<TransactionalEventStore, 'appendAll'> => {
  const large = largeCommits(memoryObjects())
  const holders = new Map<string, StreamName>()
  const lastNumbers = new Map<string, number>()

  const conflictAt = (stream: StreamName, version: number): Conflict | undefined => {
    const winner = at(stream, version)
    return winner && { _tag: 'Conflict', winner }
  }

  const obstacle = (part: Part): TransactionFailure | undefined => {
    switch (part._tag) {
      case 'Commit':
        return conflictAt(part.sealed.commit.stream, part.sealed.commit.version)
      case 'Unmoved':
        return conflictAt(part.position.stream, part.position.version + 1)
      case 'Claim':
      case 'Release': {
        const holder = holders.get(reservationKeyOf(part.holding))
        return holder === undefined || partitionKeyOf(holder) === partitionKeyOf(part.holding.holder)
          ? undefined
          : { _tag: 'Reserved', ...part.holding, holder }
      }
      case 'Advance': {
        const { sequence, after } = part.advance
        const last = lastNumbers.get(sequenceKeyOf(sequence)) ?? 0
        return last === after ? undefined : { _tag: 'SequenceMoved', sequence, last }
      }
    }
  }

  const write = (part: Part): void => {
    if (part._tag === 'Claim') holders.set(reservationKeyOf(part.holding), part.holding.holder)
    if (part._tag === 'Release') holders.delete(reservationKeyOf(part.holding))
    if (part._tag === 'Advance') lastNumbers.set(sequenceKeyOf(part.advance.sequence), part.advance.through)
  }

  return {
    appendAll: async (transaction) => {
      const prepared = await prepare(transaction, large.keep)
      if (E.isLeft(prepared)) return prepared
      const plan = planOf(prepared.right, stamp)
      if (E.isLeft(plan)) return plan
      for (const part of plan.right.parts) {
        const inTheWay = obstacle(part)
        if (inTheWay !== undefined) return E.left(inTheWay)
      }
      plan.right.parts.forEach(write)
      return E.right(RNEA.map(keep)(plan.right.sealed))
    },
  }
}
