import type { CloudEvent } from '../../schemas/integration/cloud-event.ts'
import { EVENT_LIMIT, type EventBus, type Outcome, tooLargeForBus } from './port.ts'

/** A bus in memory, for tests; the same contract as EventBridge. */
export const memoryBus = (): EventBus & { readonly sent: () => ReadonlyArray<CloudEvent> } => {
  const sent: CloudEvent[] = []
  return {
    sent: () => sent,
    put: async (events) =>
      events.map((event): Outcome => {
        const size = Buffer.byteLength(JSON.stringify(event), 'utf8')
        if (size > EVENT_LIMIT) return tooLargeForBus(size)
        sent.push(event)
        return { _tag: 'Sent' }
      }),
  }
}
