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

type Delivery<R> = {
  readonly invoke: (records: ReadonlyArray<R>) => Promise<Outcome>
  /** All records up to and with this one are dealt with. */
  readonly checkpoint: (last: R) => void
  /** The retry quota of these records is used up. False when that could not be recorded before `signal` aborted. */
  readonly discard: (records: ReadonlyArray<R>, invocations: number, reason: string) => Promise<boolean>
  /** Resolves early when `signal` aborts. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly signal: AbortSignal
}

/** A part of a batch and how often its delivery failed. */
type Piece<R> = { readonly records: ReadonlyArray<R>; readonly failures: number }

const halvesOf = <R>({ records, failures }: Piece<R>): ReadonlyArray<Piece<R>> => {
  const middle = Math.ceil(records.length / 2)
  return [
    { records: records.slice(0, middle), failures },
    { records: records.slice(middle), failures },
  ]
}

/** What is left to deliver of a piece whose first record failed. Splitting uses up nothing of the retry quota. */
const afterFailure = async <R>(
  piece: Piece<R>,
  progressed: boolean,
  reason: string,
  policy: RetryPolicy,
  delivery: Delivery<R>,
): Promise<ReadonlyArray<Piece<R>>> => {
  if (policy.bisectBatchOnFunctionError && piece.records.length > 1) return progressed ? [piece] : halvesOf(piece)
  const failures = piece.failures + 1
  if (policy.maximumRetryAttempts >= 0 && failures > policy.maximumRetryAttempts) {
    return (await delivery.discard(piece.records, failures, reason)) ? [] : [piece]
  }
  await delivery.pause(delayOf(policy.backoff, failures))
  return [{ records: piece.records, failures }]
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
  const pieces: Array<Piece<R>> = [{ records: batch, failures: 0 }]
  for (let piece = pieces.shift(); piece !== undefined && !delivery.signal.aborted; piece = pieces.shift()) {
    const { failedAt, reason } = await delivery.invoke(piece.records)
    const done = piece.records[failedAt - 1]
    if (done !== undefined) delivery.checkpoint(done)
    const rest = { records: piece.records.slice(failedAt), failures: failedAt > 0 ? 0 : piece.failures }
    const last = rest.records.at(-1)
    if (last === undefined) continue
    const left = await afterFailure(rest, failedAt > 0, reason, policy, delivery)
    if (left.length === 0) delivery.checkpoint(last)
    pieces.unshift(...left)
  }
}
