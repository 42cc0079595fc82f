import type { DynamoDBRecord, KinesisStreamRecord } from 'aws-lambda'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { streamOfPartitionKey } from '../infra/event-store/keys.ts'
import { decode } from '../schemas/decode.ts'

/** Of the attribute types the event table has only these; binary values are base64. */
const Attribute = t.union([t.strict({ S: t.string }), t.strict({ N: t.string }), t.strict({ B: t.string })])
const Attributes = t.record(t.string, Attribute)

const Changed = t.strict({
  eventName: t.keyof({ INSERT: null, MODIFY: null, REMOVE: null }),
  dynamodb: t.strict({ Keys: t.strict({ pk: t.strict({ S: t.string }), sk: t.strict({ N: t.string }) }) }),
})
const WithImage = t.strict({ dynamodb: t.strict({ NewImage: Attributes }) })

const parsed = (data: string): E.Either<string, unknown> =>
  E.tryCatch(
    () => JSON.parse(Buffer.from(data, 'base64').toString('utf8')),
    () => 'its data is not JSON',
  )

/** Without an image, or with one that cannot be read, a record still says that its stream has grown. */
const withImage = (json: unknown, changed: t.TypeOf<typeof Changed>): DynamoDBRecord => {
  const image = WithImage.decode(json)
  return E.isRight(image) ? { ...changed, dynamodb: { ...changed.dynamodb, ...image.right.dynamodb } } : changed
}

/**
 * What a record of DynamoDB's Kinesis destination tells of the event table, in the shape of that table's own stream; or why it
 * tells nothing. The image is decoded only where somebody `reads` streams of its type: the others are most of the feed.
 */
export const tableRecordOf = (
  { kinesis }: { readonly kinesis: Pick<KinesisStreamRecord['kinesis'], 'data'> },
  reads: (streamType: string) => boolean,
): E.Either<string, DynamoDBRecord> =>
  pipe(
    parsed(kinesis.data),
    E.chain((json) =>
      pipe(
        decode(Changed, json),
        E.bimap(
          ([fault]) => `its data is no record of the event table: ${fault?.pointer} ${fault?.message}`,
          (changed) => {
            const type = streamOfPartitionKey(changed.dynamodb.Keys.pk.S)?.type
            return type !== undefined && reads(type) ? withImage(json, changed) : changed
          },
        ),
      ),
    ),
  )
