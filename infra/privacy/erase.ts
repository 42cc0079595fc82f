import * as E from 'fp-ts/lib/Either.js'
import type { SubjectErased } from '../../schemas/subject-erased.ts'
import { jcs } from '../event-store/canonical.ts'
import { sha256 } from '../event-store/hash.ts'
import type { EventStore, Provenance } from '../event-store/port.ts'
import { RebuildRefused } from '../rebuild/refusal.ts'
import type { SubjectKeys } from './port.ts'
import { pseudonymOf } from './sealed.ts'

/** A person of a tenant, and what is to stand in the place of that name. */
export type Forgotten = { readonly tenant: string; readonly subject: string; readonly pseudonym: string }

/** What was changed where names stood in the open. */
export type Purged = {
  readonly rows: number
  /** Projections whose unfinished replay was dropped, because nobody can tell what it holds. */
  readonly abandonedReplays: ReadonlyArray<string>
}

export type EraseDependencies = {
  readonly keys: Pick<SubjectKeys, 'destroy'>
  readonly events: Pick<EventStore, 'emptyStream' | 'append'>
  readonly clock: () => Date
  /** Resolves when no process opens anything with a key that was destroyed before the call, and has written what it had opened. */
  readonly settle: () => Promise<unknown>
  /** Forgets what this process remembers of streams. */
  readonly forget: () => void
  /** Renames the person wherever the name stands. Rejects with `RebuildRefused` while something is being built that may hold it. */
  readonly purge: (forgotten: Forgotten) => Promise<Purged>
}

export type Erasure = Provenance & { readonly tenant: string; readonly subject: string; readonly reason: string }

export type Erased = Purged & { readonly keyId: string; readonly pseudonym: string; readonly erasedAt: string }

/** `ReplayRunning`: the key is destroyed, and views may still hold the name. To be asked for again. */
export type NotErased =
  | { readonly _tag: 'UnknownSubject' }
  | { readonly _tag: 'ReplayRunning'; readonly message: string }

const STREAM_TYPE = 'subject'

/** One event a key, however often this is asked for. */
const record = async (
  { events }: EraseDependencies,
  { tenant, reason, actor, correlationId, causationId }: Erasure,
  keyId: string,
): Promise<void> => {
  const erased: SubjectErased = { type: 'SubjectErased', schemaVersion: 1, data: { keyId, reason } }
  const appended = await events.append(events.emptyStream({ tenant, type: STREAM_TYPE, id: keyId }), {
    commandId: `erase-${keyId}`,
    fingerprint: sha256(jcs({ erase: keyId })),
    actor,
    correlationId,
    causationId,
    events: [erased],
  })
  if (E.isLeft(appended) && appended.left._tag !== 'Conflict')
    throw new Error('the erasure is too large to be recorded')
}

/**
 * Forgets a person: destroys the key under which the person's data are stored, records that, and renames the person in what is
 * derived from them. What a crash left undone is done when it is asked for again.
 */
export const eraseSubject =
  (deps: EraseDependencies) =>
  async (erasure: Erasure): Promise<E.Either<NotErased, Erased>> => {
    const { tenant, subject } = erasure
    const destroyed = await deps.keys.destroy(tenant, subject, deps.clock().toISOString())
    if (destroyed === undefined) return E.left({ _tag: 'UnknownSubject' })
    const { keyId, erasedAt } = destroyed
    const pseudonym = pseudonymOf(keyId)
    await record(deps, erasure, keyId)
    await deps.settle()
    deps.forget()
    try {
      return E.right({ keyId, pseudonym, erasedAt, ...(await deps.purge({ tenant, subject, pseudonym })) })
    } catch (error) {
      if (error instanceof RebuildRefused) return E.left({ _tag: 'ReplayRunning', message: error.message })
      throw error
    }
  }
