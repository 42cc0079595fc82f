import { type Sealed, seal } from '../../infra/event-store/commit.ts'
import { sha256 } from '../../infra/event-store/hash.ts'
import type { StoredEvent, StreamName } from '../../infra/event-store/port.ts'
import { emptyStream } from '../../infra/event-store/position.ts'
import { systemStamp } from '../../infra/event-store/stamp.ts'
import { newUlid } from '../../infra/ulids.ts'

const stamp = systemStamp()

/** The first commit of a stream, sealed as the event store does. */
export const firstCommit = (stream: StreamName, events: ReadonlyArray<StoredEvent>): Sealed => {
  const draft = {
    commandId: newUlid(),
    fingerprint: sha256(stream.id),
    actor: { subject: 'bench', roles: ['integration'] },
    correlationId: newUlid(),
    causationId: null,
    events,
  }
  return seal(emptyStream(stream), draft, stamp)
}
