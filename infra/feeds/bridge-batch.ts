import type { _Record } from '@aws-sdk/client-dynamodb-streams'
import type { KinesisClient } from '@aws-sdk/client-kinesis'
import type { DynamoDBRecord } from 'aws-lambda'
import { destinationRecord } from './destination-record.ts'
import { toDynamoDBStreamEvent } from './lambda-events.ts'
import type { Arrival, Ledger } from './ledger.ts'
import type { FeedRecord } from './port.ts'
import { putRecords } from './put-records.ts'

/** Where the bridge sends records, and which of them. */
export type Outlet = {
  readonly kinesis: KinesisClient
  readonly stream: string
  /** Attribute whose value becomes the Kinesis partition key. */
  readonly partitionKey: string
  /** Whether any consumer wants the record; the others are not sent, for the embedded engine takes but 1 to 2 MB a second. */
  readonly wanted: (record: DynamoDBRecord) => boolean
  /** Called with the Kinesis shards that have just got records. */
  readonly onPut: (shardIds: ReadonlySet<string>) => void
}

/** Records of one shard of the table's stream, as Lambda would hand them over. */
export type Batch = { readonly shardId: string; readonly records: ReadonlyArray<DynamoDBRecord> }

export const toBatch = (
  records: ReadonlyArray<FeedRecord<_Record>>,
  from: { readonly shardId: string; readonly arn: string },
): Batch => ({ shardId: from.shardId, records: toDynamoDBStreamEvent(records, from).Records })

const sequenceNumberOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? ''

export const arrivalOf = (record: DynamoDBRecord): Arrival => ({
  sequenceNumber: sequenceNumberOf(record),
  arrivedAt: (record.dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000,
})

/** Enters a batch in the ledger and sends what of it was not sent yet. */
export const sendBatch = async (outlet: Outlet, ledger: Ledger, { shardId, records }: Batch): Promise<void> => {
  const unsent = new Set(ledger.enter(shardId, records.map(arrivalOf)))
  const open = records.filter((record) => unsent.has(sequenceNumberOf(record)))
  const { wanted = [], unwanted = [] } = Object.groupBy(open, (record) =>
    outlet.wanted(record) ? 'wanted' : 'unwanted',
  )
  for (const record of unwanted) ledger.unwanted(shardId, sequenceNumberOf(record))
  const outgoing = wanted.map((record) => ({
    ...destinationRecord(record, outlet.partitionKey),
    source: sequenceNumberOf(record),
  }))
  const shards = new Set<string>()
  try {
    await putRecords(outlet.kinesis, outlet.stream, outgoing, ({ source }, place) => {
      ledger.sent(shardId, source, place)
      shards.add(place.shardId)
    })
  } finally {
    outlet.onPut(shards)
  }
}
