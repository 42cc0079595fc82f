import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { subjectOperations } from '../../commands/http/subjects.ts'
import { personalStreamTypes } from '../../projections/event-codecs.ts'
import { postgresProjections } from '../../projections/registry.ts'
import { exportSubject } from '../../read-api/subjects/export-subject.ts'
import type { Operation } from '../../schemas/endpoint.ts'
import { dynamoScan } from '../event-store/scan.ts'
import { CACHE_BOUNDS } from '../privacy/cached-keys.ts'
import { eraseSubject } from '../privacy/erase.ts'
import { eventsAbout } from '../privacy/events-about.ts'
import { purgeViews } from '../privacy/postgres-purge.ts'
import type { Privacy } from '../privacy/private-events.ts'
import { privateScan } from '../privacy/private-scan.ts'
import type { StoreEngines } from './event-store.ts'
import type { WriteSide } from './write-side.ts'

/** Behind this, no process opens anything with a key that was destroyed, and what was opened before has been written. */
const SETTLED_AFTER_MS = CACHE_BOUNDS.openMs + 2_000

export type SubjectEngines = Pick<WriteSide, 'store' | 'warm'> & {
  readonly engines: StoreEngines
  readonly privacy: Privacy
  /** Of the views' owner; at least two connections. */
  readonly owner: Pool
}

/** What an admin may ask about people. */
export const subjectSide = ({ engines, privacy, store, warm, owner }: SubjectEngines): ReadonlyArray<Operation> => [
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
  exportSubject(eventsAbout(privateScan(dynamoScan(engines), privacy), privacy.personal, personalStreamTypes)),
]
