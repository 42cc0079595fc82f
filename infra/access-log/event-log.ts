import * as E from 'fp-ts/lib/Either.js'
import type { Recorded } from '../../schemas/endpoint.ts'
import { PersonalDataRead } from '../../schemas/personal-data-read.ts'
import { jcs } from '../event-store/canonical.ts'
import { sha256 } from '../event-store/hash.ts'
import type { EventStore } from '../event-store/port.ts'
import type { AccessLog } from './port.ts'

/** Type of its streams. */
const ACCESS_LOG = 'access-log'

const EVENT_TYPES = { personal: PersonalDataRead.eventType, audit: 'AuditTrailRead' } satisfies {
  [As in Recorded]: string
}

/** Keeps each access as the one commit of a stream of its own, so that no two contend, however many come at once (decision 24). */
export const eventAccessLog = (store: Pick<EventStore, 'append' | 'emptyStream'>, newId: () => string): AccessLog => ({
  record: async ({ as, tenant, actor, correlationId, operationId, about, asked }) => {
    const id = newId()
    const data = { operationId, ...(about !== undefined && { subjectId: about }), ...asked }
    const appended = await store.append(store.emptyStream({ tenant, type: ACCESS_LOG, id }), {
      actor,
      correlationId,
      causationId: null,
      commandId: id,
      fingerprint: sha256(jcs(data)),
      events: [{ type: EVENT_TYPES[as], schemaVersion: 1, data }],
    })
    if (E.isLeft(appended)) throw new Error(`the access log did not take it: ${appended.left._tag}`)
  },
})
