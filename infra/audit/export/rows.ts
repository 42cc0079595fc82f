import { jcsOfPlain } from '../../event-store/canonical.ts'
import type { Commit } from '../../event-store/port.ts'
import { type Filter, isOfType } from './filter.ts'

/** Columns of a table of events. All are text but the two numbers. */
export const COLUMNS = [
  'tenant',
  'stream_type',
  'stream_id',
  'version',
  'type',
  'schema_version',
  'time',
  'commit_id',
  'commit_hash',
  'subject',
  'roles',
  'client',
  'correlation_id',
  'causation_id',
  'command_id',
  'data',
] as const
export type Column = (typeof COLUMNS)[number]

/** An event as a row: `data` is its RFC 8785 text; `client` and `causation_id` are null where there is none. */
export type EventRow = { readonly [column in Column]: string | number | null }

/** The rows of those of a commit's events that were asked for. */
export const rowsOf = (filter: Filter, commit: Commit): ReadonlyArray<EventRow> =>
  commit.events.flatMap((event, index) =>
    isOfType(filter, event)
      ? [
          {
            tenant: commit.stream.tenant,
            stream_type: commit.stream.type,
            stream_id: commit.stream.id,
            version: commit.version + index,
            type: event.type,
            schema_version: event.schemaVersion,
            time: commit.time,
            commit_id: commit.commitId,
            commit_hash: commit.hash,
            subject: commit.actor.subject,
            roles: commit.actor.roles.join(','),
            client: commit.actor.client ?? null,
            correlation_id: commit.correlationId,
            causation_id: commit.causationId,
            command_id: commit.commandId,
            data: jcsOfPlain(event.data),
          },
        ]
      : [],
  )
