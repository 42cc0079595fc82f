import { join } from 'node:path'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Pauses } from '../decorrelated-jitter.ts'
import { type DynamoEventStoreOptions, dynamoEventStore } from '../event-store/dynamo.ts'
import { dynamoTransactionalEventStore } from '../event-store/dynamo-transaction.ts'
import type { EventStore } from '../event-store/port.ts'
import { systemStamp } from '../event-store/stamp.ts'
import { LOCAL_BOUNDS } from '../event-store/time-bounds.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import { EVENT_TABLE_NAME, RESERVATION_TABLE_NAME } from '../names.ts'
import { fileObjects } from '../objects/files.ts'
import type { ObjectStorage } from '../objects/port.ts'

/** Where the events of large commits are. */
export const largeObjects = (dataDir: string): ObjectStorage => fileObjects(join(dataDir, 'objects'))

const optionsOf = (client: DynamoDBClient, dataDir: string): DynamoEventStoreOptions => ({
  client,
  table: EVENT_TABLE_NAME,
  objects: largeObjects(dataDir),
  bounds: LOCAL_BOUNDS,
  ...systemStamp(),
})

/**
 * The event store of a laptop, for readers: the embedded DynamoDB, and files under the data directory for what is large. What is
 * personal is sealed in it (privacy.ts).
 */
export const localEvents = (client: DynamoDBClient, dataDir: string): Pick<EventStore, 'read' | 'tail'> =>
  dynamoEventStore(optionsOf(client, dataDir))

/** The same, for the process that carries out commands. */
export const localEventStore = (client: DynamoDBClient, dataDir: string, pauses: Pauses): TransactionalEventStore =>
  dynamoTransactionalEventStore({
    ...optionsOf(client, dataDir),
    reservationTable: RESERVATION_TABLE_NAME,
    pauses,
  })
