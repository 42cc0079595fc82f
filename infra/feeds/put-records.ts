import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import type { DestinationRecord } from './destination-record.ts'
import type { Place } from './lanes.ts'

/** Kinesis: 500 records a PutRecords request. */
const MAXIMUM_RECORDS = 500

/** Kinesis takes 5 MiB a request, but the embedded engine answers nobody for about a second per mebibyte. */
const MAXIMUM_BYTES = 1024 * 1024

const sizeOf = ({ partitionKey, data }: DestinationRecord): number => Buffer.byteLength(partitionKey) + data.byteLength

/**
 * The records of the next request: the first ones that fit, one a partition key. PutRecords promises no order and may refuse
 * single records, so a key's next record goes only when the one before it is in the stream.
 */
export const nextRequest = <R extends DestinationRecord>(records: ReadonlyArray<R>): ReadonlyArray<R> => {
  const chosen = new Map<string, R>()
  let bytes = 0
  for (const record of records) {
    if (chosen.has(record.partitionKey)) continue
    bytes += sizeOf(record)
    if (chosen.size === MAXIMUM_RECORDS || (bytes > MAXIMUM_BYTES && chosen.size > 0)) break
    chosen.set(record.partitionKey, record)
  }
  return [...chosen.values()]
}

/** Puts the records of one request. Answers the reason of the last refusal, or null when all were put. */
const putOnce = async <R extends DestinationRecord>(
  client: KinesisClient,
  stream: string,
  records: ReadonlyArray<R>,
  onPut: (record: R, place: Place) => void,
): Promise<string | null> => {
  const answer = await client.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
    }),
  )
  let refusal: string | null = null
  for (const [index, record] of records.entries()) {
    const { ShardId: shardId, SequenceNumber: sequenceNumber, ErrorCode, ErrorMessage } = answer.Records?.[index] ?? {}
    if (ErrorCode === undefined && shardId !== undefined && sequenceNumber !== undefined) {
      onPut(record, { shardId, sequenceNumber })
    } else refusal = `${ErrorCode ?? 'not put'}: ${ErrorMessage ?? 'no reason given'}`
  }
  return refusal
}

/**
 * Puts records so that those of one partition key keep their order, and tells `onPut` of each. Rejects at the first request in
 * which a record was refused, or that failed: what was not put then is for the caller to try again, in the same order.
 */
export const putRecords = async <R extends DestinationRecord>(
  client: KinesisClient,
  stream: string,
  records: ReadonlyArray<R>,
  onPut: (record: R, place: Place) => void,
): Promise<void> => {
  let waiting = records
  while (waiting.length > 0) {
    const request = nextRequest(waiting)
    const refusal = await putOnce(client, stream, request, onPut)
    if (refusal !== null) throw new Error(`Kinesis refused records of ${stream}: ${refusal}`)
    const put = new Set(request)
    waiting = waiting.filter((record) => !put.has(record))
  }
}
