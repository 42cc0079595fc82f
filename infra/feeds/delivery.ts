import { type Backoff, delayOf } from './bell.ts'

/** How failures are handled; names and meaning as in a Lambda event source mapping. */
export type RetryPolicy = {
  /** Deliveries after the first one before the records are discarded; -1: for ever. */
  readonly maximumRetryAttempts: number
  readonly bisectBatchOnFunctionError: boolean
  readonly backoff: Backoff
}

/** `failedAt`: index of the first record to deliver again; the batch's length when all are done. */
export type Outcome = { readonly failedAt: number; readonly reason: string }

/** Why records are given up; `invocations`: how often they were delivered, `reason`: how the last delivery failed. */
export type GivenUp = {
  /** As Lambda's on-failure destination spells it. */
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
  readonly invocations: number
  readonly reason: string
}

type Delivery<R> = {
  readonly invoke: (records: ReadonlyArray<R>) => Promise<Outcome>
  /** All records up to and with this one are dealt with. */
  readonly checkpoint: (last: R) => void
  /** Whether a record has become too old to be delivered. */
  readonly isExpired: (record: R) => boolean
  /** These records are not to be delivered any more. False when that could not be recorded before `signal` aborted. */
  readonly discard: (records: ReadonlyArray<R>, givenUp: GivenUp) => Promise<boolean>
  /** Resolves early when `signal` aborts. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly signal: AbortSignal
}

/** A part of a batch; `failures` is what it has used up of its retry quota. */
type Piece<R> = {
  readonly records: ReadonlyArray<R>
  readonly failures: number
  readonly invocations: number
  readonly reason: string
}

const halvesOf = <R>(piece: Piece<R>): ReadonlyArray<Piece<R>> => {
  const middle = Math.ceil(piece.records.length / 2)
  return [
    { ...piece, records: piece.records.slice(0, middle) },
    { ...piece, records: piece.records.slice(middle) },
  ]
}

/** What is left of a piece when records at its head have become too old. */
const withoutExpired = async <R>(piece: Piece<R>, delivery: Delivery<R>): Promise<Piece<R>> => {
  const { records, invocations, reason } = piece
  const fresh = records.findIndex((record) => !delivery.isExpired(record))
  const expired = records.slice(0, fresh === -1 ? records.length : fresh)
  const last = expired.at(-1)
  if (last === undefined) return piece
  if (!(await delivery.discard(expired, { condition: 'RecordAgeExceeded', invocations, reason }))) return piece
  delivery.checkpoint(last)
  return { ...piece, records: records.slice(expired.length) }
}

/** What is left to deliver of a piece whose first record failed. Splitting uses up nothing of the retry quota. */
const afterFailure = async <R>(
  piece: Piece<R>,
  progressed: boolean,
  policy: RetryPolicy,
  delivery: Delivery<R>,
): Promise<ReadonlyArray<Piece<R>>> => {
  if (policy.bisectBatchOnFunctionError && piece.records.length > 1) return progressed ? [piece] : halvesOf(piece)
  const failures = piece.failures + 1
  if (policy.maximumRetryAttempts >= 0 && failures > policy.maximumRetryAttempts) {
    const { records, invocations, reason } = piece
    return (await delivery.discard(records, { condition: 'RetryAttemptsExhausted', invocations, reason }))
      ? []
      : [piece]
  }
  await delivery.pause(delayOf(policy.backoff, failures))
  return [{ ...piece, failures }]
}

/**
 * Delivers a batch in order until every record is handled or discarded, or until the signal aborts, as Lambda does for streams:
 * a failure blocks what is behind it, records before the first failed one are done.
 */
export const deliver = async <R>(
  batch: ReadonlyArray<R>,
  policy: RetryPolicy,
  delivery: Delivery<R>,
): Promise<void> => {
  const pieces: Array<Piece<R>> = [{ records: batch, failures: 0, invocations: 0, reason: 'never delivered' }]
  for (let next = pieces.shift(); next !== undefined && !delivery.signal.aborted; next = pieces.shift()) {
    const piece = await withoutExpired(next, delivery)
    if (piece.records.length === 0 || delivery.signal.aborted) continue
    const { failedAt, reason } = await delivery.invoke(piece.records)
    const done = piece.records[failedAt - 1]
    if (done !== undefined) delivery.checkpoint(done)
    const rest = {
      records: piece.records.slice(failedAt),
      failures: failedAt > 0 ? 0 : piece.failures,
      invocations: piece.invocations + 1,
      reason,
    }
    const last = rest.records.at(-1)
    if (last === undefined) continue
    const left = await afterFailure(rest, failedAt > 0, policy, delivery)
    if (left.length === 0) delivery.checkpoint(last)
    pieces.unshift(...left)
  }
}
