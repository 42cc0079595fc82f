import * as t from 'io-ts'
import type { Commit } from '../../infra/event-store/port.ts'
import { nullable } from '../../schemas/nullable.ts'
import { Instant } from '../../schemas/time.ts'
import { Actor, actorOf } from '../actor.ts'
import { Version } from '../replies.ts'

/** An event as it was stored, never upcast, with all that its commit knows of where it comes from. */
export const AuditEvent = t.strict(
  {
    stream: t.strict({ type: t.string, id: t.string }, 'AuditStream'),
    version: Version,
    type: t.string,
    schemaVersion: t.number,
    data: t.unknown,
    time: Instant,
    commitId: t.string,
    commitHash: t.string,
    actor: Actor,
    correlationId: t.string,
    causationId: nullable(t.string),
  },
  'AuditEvent',
)
export type AuditEvent = t.TypeOf<typeof AuditEvent>

export const auditEventsOf = (commit: Commit): ReadonlyArray<AuditEvent> =>
  commit.events.map(({ type, schemaVersion, data }, index) => ({
    stream: { type: commit.stream.type, id: commit.stream.id },
    version: commit.version + index,
    type,
    schemaVersion,
    data,
    time: commit.time,
    commitId: commit.commitId,
    commitHash: commit.hash,
    actor: actorOf(commit.actor),
    correlationId: commit.correlationId,
    causationId: commit.causationId,
  }))
