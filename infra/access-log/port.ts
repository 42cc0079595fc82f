import type { Recorded } from '../../schemas/endpoint.ts'
import type { Actor } from '../event-store/port.ts'

/** One answer that somebody was given: who, and what they asked for; never what they were told. */
export type Access = {
  readonly as: Recorded
  readonly tenant: string
  readonly actor: Actor
  readonly correlationId: string
  readonly operationId: string
  /** Whom the answer is about: personal itself, and not in `asked`. */
  readonly about?: string
  /** What was asked of the operation, as it was sent: plain JSON. `body` of a POST alone. */
  readonly asked: { readonly path: unknown; readonly query: unknown; readonly body?: unknown }
}

export type AccessLog = {
  /** Resolves when the access can no longer be lost; rejects when it was not kept, or perhaps not. */
  readonly record: (access: Access) => Promise<void>
}
