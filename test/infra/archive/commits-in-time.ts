import * as E from 'fp-ts/lib/Either.js'
import { memoryEventStore } from '../../../infra/event-store/memory.ts'
import type { Commit, EventStore, Position, StoredEvent } from '../../../infra/event-store/port.ts'
import { ulidPrefix } from '../../../infra/ulids.ts'

/** One commit: in which stream, how long after the one before, and what happened. */
export type Step = { readonly stream: string; readonly afterMs: number; readonly data?: unknown }

/** The commits of these steps in an event store of several tenants, in order of their ids. The first is made at 2026-01-01T00:30. */
export const storeOf = async (
  steps: ReadonlyArray<Step>,
): Promise<{ readonly events: EventStore; readonly commits: ReadonlyArray<Commit> }> => {
  let [now, made] = [Date.parse('2026-01-01T00:30:00Z'), 0]
  const store = memoryEventStore({
    clock: () => new Date(now),
    ulid: (time) => {
      made += 1
      return `${ulidPrefix(time)}${String(made).padStart(16, '0')}`
    },
  })
  const ends = new Map<string, Position>()
  for (const [index, { stream, afterMs, data = { index } }] of steps.entries()) {
    now += afterMs
    const name = { tenant: stream.startsWith('a') ? 'acme' : 'beta', type: 'order', id: stream }
    const events: ReadonlyArray<StoredEvent> = [{ type: 'SomethingHappened', schemaVersion: 1, data }]
    const appended = await store.append(ends.get(stream) ?? store.emptyStream(name), {
      commandId: `command-${index}`,
      fingerprint: 'f'.repeat(64),
      actor: {
        subject: 'tester "quoted"',
        roles: ['sales', 'admin'],
        ...(index % 3 === 1 && { client: 'back office' }),
      },
      correlationId: 'correlation',
      causationId: index % 2 === 0 ? null : 'cause',
      events,
    })
    if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
    ends.set(stream, appended.right.position)
  }
  return { events: store, commits: store.commits() }
}

export const MINUTE = 60_000

/** So many commits, ten minutes apart, in turn in three streams. */
export const commitsOf = async (count: number): Promise<ReadonlyArray<Commit>> => {
  const streams = ['a1', 'b1', 'a2']
  const steps = Array.from({ length: count }, (_, index) => ({
    stream: streams[index % 3] ?? '',
    afterMs: 10 * MINUTE,
  }))
  return (await storeOf(steps)).commits
}
