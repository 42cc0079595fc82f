import type { DynamoDBRecord } from 'aws-lambda'
import { following, type Origin } from '../infra/tracing/spans.ts'
import { ringOf } from './doorbell.ts'

/** A commit whose writer was traced: the span that appended it. */
export type TracedCommit = { readonly streamType: string; readonly origin: Origin }

/** Which commits of a batch were traced: their items say so beside the commit. */
export const tracedIn = (records: ReadonlyArray<DynamoDBRecord>): ReadonlyArray<TracedCommit> =>
  records.flatMap((record) => {
    const image = record.dynamodb?.NewImage
    const traceparent = image?.['traceparent']?.S
    const streamType = traceparent === undefined ? undefined : ringOf(record)?.stream.type
    return traceparent === undefined || streamType === undefined
      ? []
      : [{ streamType, origin: { traceparent, correlationId: image?.['correlationId']?.S ?? '' } }]
  })

/** Deals with a batch, as a span in the trace of each traced commit; what projections do for these are steps within. */
export const delivering = <A>(
  to: string,
  records: ReadonlyArray<unknown>,
  traced: ReadonlyArray<TracedCommit>,
  work: (within: ReadonlyArray<TracedCommit>) => Promise<A>,
): Promise<A> =>
  following(
    `deliver to ${to}`,
    { 'messaging.batch.message_count': records.length },
    traced.map(({ origin }) => origin),
    (within) => work(traced.map((commit) => ({ ...commit, origin: within(commit.origin) }))),
  )
