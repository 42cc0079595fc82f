import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { EventsAbout } from '../../infra/privacy/events-about.ts'
import { type Operation, operation } from '../../schemas/endpoint.ts'
import { problem } from '../../schemas/problem.ts'
import { Nothing } from '../../schemas/requests/body.ts'
import { ClientId } from '../../schemas/text.ts'
import { Instant } from '../../schemas/time.ts'
import { ok, Version } from '../replies.ts'

/** An event as it was stored, never upcast: `schemaVersion` tells how `data` is to be read. */
const EventAboutSubject = t.strict(
  {
    streamType: t.string,
    streamId: t.string,
    version: Version,
    commitId: t.string,
    time: Instant,
    type: t.string,
    schemaVersion: t.number,
    data: t.unknown,
  },
  'EventAboutSubject',
)

const SUBJECT_NOT_FOUND = { status: 404, code: 'subject_not_found' } as const

/** `GET /v1/subjects/{id}/export`: a customer's own data. It reads all events of the tenant, so it takes its time. */
export const exportSubject = (eventsAbout: EventsAbout): Operation =>
  operation({
    method: 'GET',
    path: '/v1/subjects/{id}/export',
    operationId: 'exportSubject',
    summary: 'All that events say about a customer, oldest first',
    tag: 'Subjects',
    roles: ['admin'],
    headers: [],
    records: 'personal',
    recordsAbout: { in: 'params', name: 'id' },
    problems: [SUBJECT_NOT_FOUND],
    params: t.strict({ id: ClientId }),
    query: Nothing,
    body: t.unknown,
    reply: {
      status: 200,
      description: 'The customer’s data',
      body: t.strict({ subject: ClientId, events: t.readonlyArray(EventAboutSubject) }, 'SubjectExport'),
    },
    handle: async ({ caller: { tenant }, params: { id } }) => {
      const events = await eventsAbout(tenant, id)
      return events.length === 0
        ? E.left(problem(404, SUBJECT_NOT_FOUND.code, 'No event is about this person'))
        : ok({ subject: id, events })
    },
  })
