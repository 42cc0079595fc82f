import * as E from 'fp-ts/lib/Either.js'
import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import type { EventStore, StreamName } from '../event-store/port.ts'
import { type CloudEventsDeps, cloudEventsOf } from './cloud-events.ts'
import { type InOrderDeps, putInOrder } from './in-order.ts'

export type AgainDeps<E extends { readonly type: string; readonly schemaVersion: number }> = CloudEventsDeps<E> &
  Omit<InOrderDeps, 'onRefused' | 'onFailed'> & { readonly events: Pick<EventStore, 'read'> }

/** An event that no bus will take, or that this build does not know; by its version in the stream. */
export type Refused = { readonly version: number; readonly reason: string }

export type RelayedAgain = {
  /** Commits that the stream has. */
  readonly commits: number
  /** Events that are on the bus now. */
  readonly relayed: number
  readonly refused: ReadonlyArray<Refused>
  /** Why the bus took no more; nothing behind what it failed to take was put. */
  readonly failed: string | null
}

/**
 * Puts the public events of a stream on the bus once more, from version `from` on, in their order. They are what the relay has told or
 * would have told, under the same ids. Rejects with the faults of the event store: what was put before stays so.
 */
export const relayAgain = async <Ev extends { readonly type: string; readonly schemaVersion: number }>(
  deps: AgainDeps<Ev>,
  stream: StreamName,
  from: number,
): Promise<RelayedAgain> => {
  const eventsOf = cloudEventsOf(deps)
  const refused: Refused[] = []
  let [commits, relayed, reason] = [0, 0, '']
  const inOrder = {
    ...deps,
    onRefused: ({ streamversion: version }: CloudEvent, why: string) => refused.push({ version, reason: why }),
    onFailed: (_: number, why: string) => {
      reason = why
    },
  }
  // From the first commit on: `from` may lie within one.
  for await (const { commit } of deps.events.read(stream)) {
    commits += 1
    const told = eventsOf(commit)
    if (E.isLeft(told)) {
      if (told.left.version >= from) refused.push({ version: told.left.version, reason: told.left.reason })
      continue
    }
    const wanted = told.right.filter(({ streamversion }) => streamversion >= from)
    const refusedBefore = refused.length
    const unsent = await putInOrder(inOrder, wanted)
    relayed += wanted.length - unsent.size - (refused.length - refusedBefore)
    if (unsent.size > 0) return { commits, relayed, refused, failed: reason }
  }
  return { commits, relayed, refused, failed: null }
}
