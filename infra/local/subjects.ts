import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Pool } from 'pg'
import { subjectOperations } from '../../commands/http/subjects.ts'
import type { WarmStreams } from '../../commands/warm-streams.ts'
import { personalStreamTypes } from '../../projections/event-codecs.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { exportSubject } from '../../read-api/subjects/export-subject.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import type { EventStore } from '../event-store/port.ts'
import { dynamoScan } from '../event-store/scan.ts'
import { EVENT_TABLE_NAME } from '../names.ts'
import { CACHE_BOUNDS } from '../privacy/cached-keys.ts'
import { eraseSubject } from '../privacy/erase.ts'
import { eventsAbout } from '../privacy/events-about.ts'
import { purgeViews } from '../privacy/postgres-purge.ts'
import type { Privacy } from '../privacy/private-events.ts'
import { privateScan } from '../privacy/private-scan.ts'
import { largeObjects } from './event-store.ts'

/** Behind this, no process opens anything with a key that was destroyed, and what was opened before has been written. */
const SETTLED_AFTER_MS = CACHE_BOUNDS.openMs + 2_000

export type SubjectEngines = {
  readonly client: DynamoDBClient
  readonly dataDir: string
  readonly privacy: Privacy
  readonly store: EventStore
  readonly warm: WarmStreams
  /** Of the views' owner; at least two connections. */
  readonly owner: Pool
}

/** What an admin may ask about people, on a laptop's engines. */
export const localSubjectOperations = (engines: SubjectEngines): ReadonlyArray<Operation> => {
  const { client, dataDir, privacy, store, warm, owner } = engines
  const scan = dynamoScan({ client, table: EVENT_TABLE_NAME, objects: largeObjects(dataDir) })
  return [
    ...subjectOperations({
      erase: eraseSubject({
        keys: privacy.keys,
        events: store,
        clock: () => new Date(),
        settle: () => sleep(SETTLED_AFTER_MS),
        forget: warm.forgetAll,
        purge: purgeViews(owner, postgresProjections),
      }),
    }),
    exportSubject(eventsAbout(privateScan(scan, privacy), privacy.personal, personalStreamTypes)),
  ]
}
