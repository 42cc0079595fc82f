import { METRICS } from '../metrics/definitions.ts'
import type { Metrics } from '../metrics/port.ts'
import type { EventBus } from './port.ts'

const COUNTED = { Sent: 'published', Failed: 'failed', Refused: null } as const

/** A bus whose answers are counted, but for what it refuses: that is counted with all else that is refused (`onRefused`). */
export const measuredBus = (bus: EventBus, metrics: Metrics): EventBus => ({
  put: async (events) => {
    const outcomes = await bus.put(events)
    for (const { _tag } of outcomes) {
      const outcome = COUNTED[_tag]
      if (outcome !== null) metrics.record(METRICS.integrationEvents, { Outcome: outcome })
    }
    return outcomes
  },
})
