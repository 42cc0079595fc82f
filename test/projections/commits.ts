import * as E from 'fp-ts/lib/Either.js'
import { memoryEventStore } from '../../infra/event-store/memory.ts'
import type { Commit, EventStore, Position, StoredEvent, StreamName } from '../../infra/event-store/port.ts'
import { ulidPrefix } from '../../infra/ulids.ts'

export const orderPlaced = (orderId: string, more: { readonly [field: string]: unknown } = {}): StoredEvent => ({
  type: 'OrderPlaced',
  schemaVersion: 1,
  data: {
    orderId,
    customerId: '17850',
    country: 'United Kingdom',
    currency: 'GBP',
    placedAt: '2010-12-01T08:26:00.000Z',
    lines: [{ sku: '85123A', description: null, quantity: 6, unitPrice: '2.55' }],
    total: '15.3',
    ...more,
  },
})

export const orderCancelled = (orderId: string): StoredEvent => {
  const { type, schemaVersion, data } = orderPlaced(orderId)
  const cancellation = { reason: 'damaged', cancelledAt: '2010-12-02T00:00:00.000Z' }
  return { type: type.replace('Placed', 'Cancelled'), schemaVersion, data: Object.assign({}, data, cancellation) }
}

export const unknownEvent: StoredEvent = { type: 'OrderTeleported', schemaVersion: 1, data: {} }

export const orderStream = (id: string): StreamName => ({ tenant: 'acme', type: 'order', id })

/** An event store, and a way to write commits to it without asking a decider. */
export const writableStore = (
  clock = () => new Date('2026-01-01T00:00:00Z'),
): {
  readonly events: EventStore
  readonly append: (stream: StreamName, ...events: ReadonlyArray<StoredEvent>) => Promise<Commit>
} => {
  let made = 0
  const count = (digits: number): string => {
    made += 1
    return String(made).padStart(digits, '0')
  }
  const events = memoryEventStore({ clock, ulid: (time) => `${ulidPrefix(time)}${count(16)}` })
  const ends = new Map<string, Position>()
  return {
    events,
    append: async (stream, ...happened) => {
      const key = JSON.stringify(stream)
      const appended = await events.append(ends.get(key) ?? events.emptyStream(stream), {
        commandId: count(26),
        fingerprint: 'f'.repeat(64),
        actor: { subject: 'tester', roles: ['sales'] },
        correlationId: 'correlation',
        causationId: null,
        events: happened,
      })
      if (E.isLeft(appended)) throw new Error(`not appended: ${appended.left._tag}`)
      ends.set(key, appended.right.position)
      return appended.right.commit
    },
  }
}
