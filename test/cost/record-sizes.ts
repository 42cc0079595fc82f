import type { AttributeValue, DynamoDBRecord } from 'aws-lambda'
import { destinationRecord } from '../../infra/feeds/destination-record.ts'
import type { Counts } from './tally.ts'

/** DynamoDB: 100 bytes of overhead an item, and as many for each index that it is in ("Amazon DynamoDB pricing", data storage). */
const OVERHEAD = 100

/** Kinesis: a record is put by units of 25 KB. */
const PUT_UNIT = 25 * 1024

/** DynamoDB's Kinesis destination: by the KB of the image. */
const CHANGE_UNIT = 1024

/** DynamoDB: digits two by two, and a byte; text in UTF-8 (Developer Guide, "DynamoDB item sizes and formats"). */
const valueBytes = ({ S, N, B, NULL, BOOL, M, L }: AttributeValue): number => {
  if (S !== undefined) return Buffer.byteLength(S)
  if (N !== undefined) return Math.ceil(N.length / 2) + 1
  if (B !== undefined) return Buffer.byteLength(B, 'base64')
  if (NULL !== undefined || BOOL !== undefined) return 1
  if (M !== undefined) return 3 + itemBytes(M)
  if (L !== undefined) return L.reduce((sum, value) => sum + 1 + valueBytes(value), 3)
  throw new Error('an attribute of another type than Daybook writes')
}

const itemBytes = (item: { readonly [name: string]: AttributeValue }): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0)

/** What the change of an item is in the table, its index and the Kinesis stream. */
export const sizesOf = (record: DynamoDBRecord): Counts => {
  const image = record.dynamodb?.NewImage ?? {}
  const { pk, sk, bucket, commitId } = image
  const stored = itemBytes(image)
  const indexed = itemBytes({
    ...(pk && { pk }),
    ...(sk && { sk }),
    ...(bucket && { bucket }),
    ...(commitId && { commitId }),
  })
  const fed = destinationRecord(record, 'pk').data.byteLength
  return {
    records: 1,
    storedBytes: stored + indexed + 2 * OVERHEAD,
    fedBytes: fed,
    putUnits: Math.ceil(fed / PUT_UNIT),
    changeUnits: Math.ceil(stored / CHANGE_UNIT),
  }
}
