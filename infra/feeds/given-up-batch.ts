import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { decode } from '../../schemas/decode.ts'
import { strict } from '../../schemas/strict.ts'

const Keys = t.partial({ pk: t.type({ S: t.string }), sk: t.type({ N: t.string }) })

/** A record of either feed. It is handed on as it is, so nothing is looked at but what tells which one it is. */
export const GivenUpRecord = t.union([
  t.type({ eventSource: t.literal('aws:dynamodb'), dynamodb: t.type({ SequenceNumber: t.string, Keys }) }),
  t.type({ eventSource: t.literal('aws:kinesis'), kinesis: t.type({ sequenceNumber: t.string, data: t.string }) }),
])
export type GivenUpRecord = t.TypeOf<typeof GivenUpRecord>

const Kept = strict({
  requestContext: strict({ functionArn: t.string, condition: t.string, approximateInvokeCount: t.Int }),
  /** The event that the function was given, as text. */
  payload: t.string,
})

const Event = t.type({ Records: t.readonlyArray(GivenUpRecord) })

/** A batch that a mapping will not deliver any more. `condition`: why, as Lambda spells it. */
export type GivenUpBatch = {
  readonly functionArn: string
  readonly condition: string
  readonly invocations: number
  readonly records: ReadonlyArray<GivenUpRecord>
}

const decoded = <A>(codec: t.Decoder<unknown, A>, text: string, what: string): E.Either<string, A> => {
  const json = E.tryCatch((): unknown => JSON.parse(text), E.toError)
  if (E.isLeft(json)) return E.left(`${what} is not JSON`)
  const value = decode(codec, json.right)
  if (E.isRight(value)) return value
  const [fault] = value.left
  return E.left(`${what}${fault?.pointer} ${fault?.message}`)
}

/** Reads what an on-failure destination in S3 holds (Lambda Developer Guide, "Retain discarded batch records"); Left: what is wrong with it. */
export const readGivenUp = (text: string): E.Either<string, GivenUpBatch> => {
  const kept = decoded(Kept, text, 'the object')
  if (E.isLeft(kept)) return kept
  const { requestContext, payload } = kept.right
  const event = decoded(Event, payload, 'its payload')
  if (E.isLeft(event)) return event
  const { functionArn, condition, approximateInvokeCount: invocations } = requestContext
  return E.right({ functionArn, condition, invocations, records: event.right.Records })
}
