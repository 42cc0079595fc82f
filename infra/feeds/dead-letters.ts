import { randomUUID } from 'node:crypto'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Discarded } from './mapping-config.ts'

const isoTime = (milliseconds: number | undefined): string => new Date(milliseconds ?? 0).toISOString()

/**
 * What an on-failure destination of Lambda gets: metadata that leads to the records, not the records themselves (Lambda Developer
 * Guide, "Retain discarded batch records"). Unlike there, `functionError` says what the error was.
 */
const invocationRecord = (discarded: Discarded) => {
  const { mapping, arn, shardId, records, condition, invocations, reason, at } = discarded
  return {
    requestContext: { requestId: randomUUID(), functionArn: mapping, condition, approximateInvokeCount: invocations },
    ...(invocations > 0 && { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: reason } }),
    version: '1.0',
    timestamp: isoTime(at),
    [arn.includes(':kinesis:') ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId,
      startSequenceNumber: records[0]?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      approximateArrivalOfFirstRecord: isoTime(records[0]?.arrivedAt),
      approximateArrivalOfLastRecord: isoTime(records.at(-1)?.arrivedAt),
      batchSize: records.length,
      streamArn: arn,
    },
  }
}

/** An on-failure destination: one JSON line a batch that was given up, in `<directory>/<mapping>.jsonl`. */
export const deadLetterFiles =
  (directory: string): ((discarded: Discarded) => Promise<void>) =>
  async (discarded) => {
    await mkdir(directory, { recursive: true })
    await appendFile(join(directory, `${discarded.mapping}.jsonl`), `${JSON.stringify(invocationRecord(discarded))}\n`)
  }
