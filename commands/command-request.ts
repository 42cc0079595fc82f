import * as E from 'fp-ts/lib/Either.js'
import { jcs } from '../infra/event-store/canonical.ts'
import { sha256 } from '../infra/event-store/hash.ts'
import type { Actor } from '../infra/event-store/port.ts'
import type { Aggregate } from './aggregate.ts'
import type { CommandRequest } from './execute-command.ts'

/** A command that is there as a value: one of JSON, for its fingerprint tells a retry from another command. */
export type Given<Command> = {
  readonly tenant: string
  /** Of the aggregate, and so of its stream. */
  readonly id: string
  readonly command: Command
  /** Executed twice under the same id, a command is applied once. */
  readonly commandId: string
  readonly actor: Actor
}

/** The request to execute it on its own, outside of HTTP: nothing caused it, and its correlation begins with it. */
export const commandRequest = <S, C, Ev, R>(
  { streamType }: Aggregate<S, C, Ev, R>,
  { tenant, id, command, commandId, actor }: Given<C>,
): CommandRequest<C, never> => ({
  stream: { tenant, type: streamType, id },
  command: async () => E.right(command),
  commandId,
  fingerprint: sha256(jcs(command)),
  creates: false,
  actor,
  correlationId: commandId,
  causationId: null,
})
