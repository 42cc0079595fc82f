import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Pauses } from '../decorrelated-jitter.ts'
import { dynamoEventStore } from '../event-store/dynamo.ts'
import { dynamoTransactionalEventStore } from '../event-store/dynamo-transaction.ts'
import type { EventStore } from '../event-store/port.ts'
import { systemStamp } from '../event-store/stamp.ts'
import type { TimeBounds } from '../event-store/time-bounds.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import type { ObjectStorage } from '../objects/port.ts'

/** What an event store lies on. */
export type StoreEngines = {
  readonly client: DynamoDBClient
  /** Name of the event table. */
  readonly table: string
  /** Where the events of large commits are. */
  readonly objects: ObjectStorage
  readonly bounds: TimeBounds
}

/** For readers; what is personal is sealed in it. */
export const readingStore = (engines: StoreEngines): Pick<EventStore, 'read' | 'tail'> =>
  dynamoEventStore({ ...engines, ...systemStamp() })

/** For who carries out commands. @param pauses between tries at what others claim at the same time. */
export const writingStore = (
  engines: StoreEngines,
  reservationTable: string,
  pauses: Pauses,
): TransactionalEventStore => dynamoTransactionalEventStore({ ...engines, ...systemStamp(), reservationTable, pauses })
