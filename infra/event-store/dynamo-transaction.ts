import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import * as E from 'fp-ts/lib/Either.js'
import type { ReadonlyNonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { Pauses } from '../decorrelated-jitter.ts'
import { ulidTime } from '../ulids.ts'
import { type Verdict, verdictOf } from './cancellation.ts'
import { positionBehind } from './commit.ts'
import { type DynamoEventStoreOptions, dynamoEventStore } from './dynamo.ts'
import { faultOf } from './dynamo-fault.ts'
import { clockCheck } from './engine-time.ts'
import { EVENT_TABLE, partitionKeyOf } from './keys.ts'
import { largeCommits } from './large-commits.ts'
import { type Appended, type Commit, EventStoreFault, type FaultKind, type StreamName } from './port.ts'
import { RESERVATION_TABLE, reservationKeyOf } from './reservation-keys.ts'
import { AT_EACH_SENDING, StampExpired, whileFresh, withinLife } from './stamped-write.ts'
import { AWS_BOUNDS } from './time-bounds.ts'
import { appendedBy, type Part, type Plan, planOf, prepare } from './transaction-plan.ts'
import type { TransactionalEventStore, TransactionFailure } from './transaction-port.ts'

export type DynamoTransactionOptions = DynamoEventStoreOptions & {
  readonly reservationTable: string
  /** Waits between tries of a transaction that others were in the way of. */
  readonly pauses: Pauses
}

type Tables = Pick<DynamoTransactionOptions, 'table' | 'reservationTable'>

/** Tries of a transaction before its caller is told that others were in its way. */
const ATTEMPTS = 10

/** Tries without an answer while their stamps live, before it is given up. */
const STAMPS = 3

const { partitionKey, holder, lastNumber } = RESERVATION_TABLE
const UNLESS_THERE = `attribute_not_exists(${EVENT_TABLE.partitionKey})`
const UNLESS_ANOTHERS = `attribute_not_exists(${partitionKey}) OR ${holder} = :holder`
const TELL_WHAT_WAS_THERE = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const

const heldBy = (stream: StreamName) => ({
  ConditionExpression: UNLESS_ANOTHERS,
  ExpressionAttributeValues: { ':holder': { S: partitionKeyOf(stream) } },
  ...TELL_WHAT_WAS_THERE,
})

/** A sequence's first number finds no item; the others find the one before. */
const standingAt = (after: number) => ({
  ...(after === 0
    ? { ConditionExpression: `attribute_not_exists(${partitionKey})` }
    : {
        ConditionExpression: `${lastNumber} = :after`,
        ExpressionAttributeValues: { ':after': { N: String(after) } },
      }),
  ...TELL_WHAT_WAS_THERE,
})

const actionOf = (part: Part, { table, reservationTable }: Tables): TransactWriteItem => {
  switch (part._tag) {
    case 'Commit':
      return {
        Put: { TableName: table, Item: part.item, ConditionExpression: UNLESS_THERE, ...TELL_WHAT_WAS_THERE },
      }
    case 'Unmoved': {
      const { stream, version } = part.position
      const next = {
        [EVENT_TABLE.partitionKey]: { S: partitionKeyOf(stream) },
        [EVENT_TABLE.sortKey]: { N: String(version + 1) },
      }
      return {
        ConditionCheck: { TableName: table, Key: next, ConditionExpression: UNLESS_THERE, ...TELL_WHAT_WAS_THERE },
      }
    }
    case 'Claim':
      return { Put: { TableName: reservationTable, Item: part.item, ...heldBy(part.holding.holder) } }
    case 'Release': {
      const key = { [partitionKey]: { S: reservationKeyOf(part.holding) } }
      return { Delete: { TableName: reservationTable, Key: key, ...heldBy(part.holding.holder) } }
    }
    case 'Advance':
      return { Put: { TableName: reservationTable, Item: part.item, ...standingAt(part.advance.after) } }
  }
}

type Outcome = Verdict | { readonly _tag: 'Stored' } | { readonly _tag: 'Unanswered' }

/** One try. Without an answer within its stamp's life it is not sent again under that stamp. */
const attempt = async (
  { client, table, reservationTable, clock, bounds = AWS_BOUNDS }: DynamoTransactionOptions,
  { parts, sealed }: Plan,
  stream: StreamName,
): Promise<Outcome> => {
  const stampedAt = Math.min(...sealed.map(({ commit }) => ulidTime(commit.commitId)))
  const TransactItems = parts.map((part) => actionOf(part, { table, reservationTable }))
  try {
    // The SDK gives every call a token of its own, by which DynamoDB knows the SDK's retries for ten minutes.
    const write = new TransactWriteItemsCommand({ TransactItems })
    const stamped = { stampedAt, clock, life: bounds.stampLife }
    write.middlewareStack.add(whileFresh(stamped), AT_EACH_SENDING)
    await withinLife(stamped, (abortSignal) => client.send(write, { abortSignal }))
    return { _tag: 'Stored' }
  } catch (error) {
    if (error instanceof StampExpired) return { _tag: 'Unanswered' }
    if (error instanceof TransactionCanceledException) return verdictOf(parts, error.CancellationReasons ?? [])
    throw faultOf('appending in a transaction to', stream, error)
  }
}

const fault = (stream: StreamName, why: string, kind: FaultKind): EventStoreFault =>
  new EventStoreFault(`appending in a transaction to ${partitionKeyOf(stream)} failed: ${why}`, kind)

/** What an item in a commit's place means: it is one's own when an earlier try wrote it and its answer was lost. */
const takenBy = (
  commit: Commit,
  tried: ReadonlyArray<ReadonlyNonEmptyArray<Appended>>,
): E.Either<TransactionFailure, ReadonlyNonEmptyArray<Appended>> => {
  const ours = tried.find((commits) => commits.some((own) => own.commit.commitId === commit.commitId))
  return ours ? E.right(ours) : E.left({ _tag: 'Conflict', winner: { commit, position: positionBehind(commit) } })
}

/** Every try has commit ids and times of its own, so that no commit lands far behind its time. */
const appendAll = (options: DynamoTransactionOptions): TransactionalEventStore['appendAll'] => {
  const { keep, commitOf } = largeCommits(options.objects)
  const clocks = clockCheck(options)
  return async (transaction) => {
    const prepared = await prepare(transaction, keep)
    if (E.isLeft(prepared)) return prepared
    await clocks.inStep()
    const { stream } = transaction.commits[0].position
    const pause = options.pauses()
    const tried: Array<ReadonlyNonEmptyArray<Appended>> = []
    for (let unanswered = 0; ; ) {
      const plan = planOf(prepared.right, options)
      if (E.isLeft(plan)) return plan
      const appended = appendedBy(plan.right)
      tried.push(appended)
      const outcome = await attempt(options, plan.right, stream)
      switch (outcome._tag) {
        case 'Stored':
          return E.right(appended)
        case 'Taken':
          return takenBy(await commitOf(outcome.by), tried)
        case 'Reserved':
        case 'SequenceMoved':
          return E.left(outcome)
        case 'Broken':
          throw fault(stream, outcome.why, 'refused')
        case 'Unanswered':
          unanswered += 1
          if (unanswered === STAMPS) throw fault(stream, `not answered under ${STAMPS} stamps`, 'unavailable')
          break
        case 'Busy':
          if (tried.length === ATTEMPTS && outcome.cause === 'throttling') throw fault(stream, 'throttled', 'throttled')
          if (tried.length === ATTEMPTS) return E.left({ _tag: 'Contended', attempts: ATTEMPTS })
          await pause()
      }
    }
  }
}

/**
 * The event store on DynamoDB with transactions: one `TransactWriteItems` each, at twice the write units of single puts. A single
 * commit without further parts stays the plain conditional put of `append`.
 */
export const dynamoTransactionalEventStore = (options: DynamoTransactionOptions): TransactionalEventStore => ({
  ...dynamoEventStore(options),
  appendAll: appendAll(options),
})
