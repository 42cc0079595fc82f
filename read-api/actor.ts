import * as t from 'io-ts'
import type { Actor as CommitActor } from '../infra/event-store/port.ts'
import { nullable } from '../schemas/nullable.ts'

/** Who did something, and by which client; null where their token told none. */
export const Actor = t.strict(
  { subject: t.string, roles: t.readonlyArray(t.string), client: nullable(t.string) },
  'Actor',
)
export type Actor = t.TypeOf<typeof Actor>

export const actorOf = ({ subject, roles, client }: CommitActor): Actor => ({ subject, roles, client: client ?? null })
